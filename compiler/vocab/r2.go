package vocab

var _ = register(inUnits("r2", "The coefficient of determination: 1 − Σ (x − t)² / Σ (t − mean t)²."))
