module github.com/nnc-lang/nnc/runtime/kernel/_asm

go 1.24

require (
	github.com/mmcloughlin/avo v0.5.0
	github.com/nnc-lang/nnc v0.0.0
)

require (
	golang.org/x/mod v0.21.0 // indirect
	golang.org/x/sync v0.8.0 // indirect
	golang.org/x/tools v0.26.0 // indirect
)

replace github.com/nnc-lang/nnc => ../../..
