module github.com/nnc-lang/nnc/runtime/wordpiece/_fold

go 1.24.0

require golang.org/x/text v0.30.0
