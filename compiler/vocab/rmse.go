package vocab

var _ = register(measure("rmse", "The root of the mean of (x − t)² over all elements, in the target's own units.", numbers...))
