package vocab

var image = convolving{}

var _ = register(&Word{
	Name:  "conv",
	Kind:  Layer,
	Usage: "conv [in->]out kernel=3 [stride=1] [pad=0] [dilation=1] [groups=1] [bias=true]",
	Doc: "The convolution, or cross-correlation, of [C, H, W] with W [out, in/groups, kh, kw], zeros at the border: " +
		"[out, h, w], h being ⌊(H + 2·pad − dilation·(kh−1) − 1)/stride⌋ + 1. Weights and biases start uniform in " +
		"±1/√(in/groups·kh·kw), as PyTorch's nn.Conv2d.",
	Args:  image.args(),
	Build: image.build,
})
