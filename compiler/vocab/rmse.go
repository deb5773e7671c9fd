package vocab

var _ = register(inUnits("rmse", "The root of the mean of (x − t)², in the target's own units."))
