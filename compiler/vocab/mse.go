package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var _ = register(likeOutput("mse", "The mean of (x − t)² over all elements of all rows.", op.MSE, nil))
