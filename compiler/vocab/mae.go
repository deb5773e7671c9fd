package vocab

import "github.com/nnc-lang/nnc/compiler/op"

var (
	_ = register(likeOutput("mae", "The mean of |x − t| over all elements of all rows.", op.MAE, nil))
	_ = register(inUnits("mae", "The mean of |x − t|, in the target's own units."))
)
