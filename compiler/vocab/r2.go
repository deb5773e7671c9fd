package vocab

var _ = register(measure("r2", "The coefficient of determination: 1 − Σ (x − t)² / Σ (t − mean t)², of several elements the mean of each one's; of one that never varies 1 if it is always met, else 0.", numbers...))
