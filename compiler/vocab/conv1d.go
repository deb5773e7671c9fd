package vocab

var sequence = convolving{sequence: true}

var _ = register(&Word{
	Name:  "conv1d",
	Kind:  Layer,
	Usage: "conv1d [in->]out kernel=3 [stride=1] [pad=0] [dilation=1] [groups=1] [bias=true]",
	Doc: "The convolution along the positions of a sequence [T, D] with W [out, in/groups, k], zeros at both ends: [t, out], t " +
		"being ⌊(T + 2·pad − dilation·(k−1) − 1)/stride⌋ + 1. Weights and biases start uniform in ±1/√(in/groups·k), as " +
		"PyTorch's nn.Conv1d, which wants [D, T].",
	Args:  sequence.args(),
	Build: sequence.build,
})
