package compiler_test

// optimiser writes one. A large ε keeps Adam and its kin from magnifying what rounding leaves of a gradient that is 0; Lion
// takes its sign, and so moves by little, but decays.
func (w *specWriter) optimiser() {
	statement := w.oneOf("sgd 0.1", "sgd 0.05 momentum=0.9 nesterov", "sgd 0.05 momentum=0.8 dampening=0.2 decay=0.1",
		"adam 0.01 eps=0.001", "adam 0.01 eps=0.001 amsgrad decay=0.1", "adamw 0.01 eps=0.001", "adamw 0.01 eps=0.001 amsgrad decay=3",
		"nadam 0.01 eps=0.001 decay=0.1", "radam 0.01 decay=0.1", "radam 0.01 eps=0.001 beta2=0.9", "adamax 0.01 eps=0.001 decay=0.1",
		"rmsprop 0.01 eps=0.001 decay=0.1", "rmsprop 0.01 eps=0.01 momentum=0.5 centered", "adagrad 0.01 initial=0.01 lr_decay=0.5 decay=0.1",
		"adadelta 0.1 eps=0.001 decay=0.1", "lion 1e-7 decay=1e5")
	w.line("%s%s", statement, w.oneOf("", " decay_skip=vectors"))
}
