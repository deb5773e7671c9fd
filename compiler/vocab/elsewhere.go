package vocab

import (
	"slices"
	"strings"
)

// What PyTorch, Keras and their users call things, and what that is called here. Names are compared in small letters,
// without underscores, so that Conv2d, conv_2d and CONV2D are one.

// wordsElsewhere are words by their names elsewhere, on one line.
var wordsElsewhere = names(`
	linear: dense fc fullyconnected affine
	conv: conv2d convolution convolution2d
	conv1d: convolution1d
	deconv: convtranspose2d conv2dtranspose convtranspose
	batchnorm: batchnorm1d batchnorm2d batchnormalization bn
	layernorm: layernormalization ln
	groupnorm: groupnormalization
	rmsnorm: rmsnormalization
	maxpool: maxpool2d maxpooling maxpooling2d globalmaxpooling2d adaptivemaxpool2d
	maxpool1d: maxpooling1d globalmaxpooling1d globalmaxpool1d adaptivemaxpool1d maxovertime
	avgpool: avgpool2d averagepool averagepooling averagepooling2d globalaveragepooling2d globalavgpool2d adaptiveavgpool2d
	avgpool1d: averagepool1d averagepooling1d globalaveragepooling1d globalavgpool1d adaptiveavgpool1d
	mean: meanpool meanpooling maskedmean averageovertime
	rnn: simplernn
	lstm: longshorttermmemory
	last: lasttoken laststep lasttimestep takelast
	attention: multihead multiheadattention multiheadselfattention selfattention mha scaleddotproductattention
	embedding: embed embeddings tokenembedding tokenembeddings wordembedding wordembeddings
	position: positionalencoding positionembedding positionembeddings positionalembedding posembedding posembed
	silu: swish
	reshape: view unflatten
	transpose: permute
	concat: cat concatenate
	upsample: upsampling2d
	pad: zeropad2d zeropadding2d
	noise: gaussiannoise
	mse: mseloss meansquarederror l2loss
	mae: l1loss meanabsoluteerror
	huber: huberloss
	smooth_l1: smoothl1loss
	cross_entropy: crossentropyloss categoricalcrossentropy sparsecategoricalcrossentropy softmaxcrossentropy
	bce_logits: bcewithlogitsloss bcewithlogits binarycrossentropywithlogits
	bce: bceloss binarycrossentropy
	nll: nllloss
	hinge: hingeloss
	kl: kldivloss kldiv kldivergence
	poisson: poissonnllloss
	cosine: cosineembeddingloss cosinesimilarity
	accuracy: acc binaryaccuracy categoricalaccuracy sparsecategoricalaccuracy
	top: topk topkaccuracy topkcategoricalaccuracy sparsetopkcategoricalaccuracy top5 top1
	auc: rocauc rocaucscore auroc
	perplexity: ppl
	exact_match: em
	rmse: rootmeansquarederror
	r2: r2score
	f1: f1score fscore fbeta
	precision: precisionscore
	recall: recallscore sensitivity
	batch: batchsize minibatch bs
	epochs: epoch numepochs nepochs maxepochs
	steps: maxsteps numsteps
	seed: randomseed randomstate manualseed
	clip: clipnorm gradclip clipgradnorm maxgradnorm
	schedule: scheduler lrscheduler
	step: steplr stepdecay
	multistep: multisteplr piecewiseconstantdecay
	exponential: exponentiallr exponentialdecay
	linear: linearlr polynomialdecay
	cosine: cosineannealinglr cosineannealing cosinedecay
	onecycle: onecyclelr 1cycle
	plateau: reducelronplateau
	constant: constantlr
	stop: earlystopping earlystop
	accumulate: gradientaccumulation gradientaccumulationsteps
	average: ema
`)

// phrasesElsewhere say what to write for what is no word of its own here.
var phrasesElsewhere = map[string]string{
	"lr":           "the learning rate is the optimiser's first number: `adam 0.001`",
	"learningrate": "the learning rate is the optimiser's first number: `adam 0.001`",
	"weightdecay":  "it is an argument of the optimiser: `adamw 0.001 decay=0.01`",
	"momentum":     "it is an argument of the optimiser: `sgd 0.01 momentum=0.9`",
	"optimizer":    "write the optimiser itself: `adam 0.001`",
	"optimiser":    "write the optimiser itself: `adam 0.001`",
	"criterion":    "write `loss` and the loss's name: `loss mse`",
	"activation":   "an activation is a statement of its own: `relu`",
	"bilstm":       "write `lstm 8 bidirectional`",
	"bigru":        "write `gru 8 bidirectional`",
	"birnn":        "write `rnn 8 bidirectional`",

	"bidirectional":       "it is a flag of a recurrent layer: `lstm 8 bidirectional`",
	"causalselfattention": "write `attention 4 causal`",
	"crossattention":      "write `attention 4 memory=encoded`, where `encoded` is the label of what is looked at",
	"timedistributed":     "`linear` works at each position by itself: write it alone",
	"mask":                "a mask is an input, `input m[80]`, which layers and losses name: `attention 4 mask=m`",
	"masking":             "a mask is an input, `input m[80]`, which layers name: `lstm 16 mask=m`",
	"ignore":              "it is an argument of the loss: `loss cross_entropy ignore=0`",
	"ignoreindex":         "it is an argument of the loss: `loss cross_entropy ignore=0`",

	"transformer":             transformer,
	"transformerlayer":        transformer,
	"transformerblock":        transformer,
	"transformerencoder":      transformer,
	"transformerencoderlayer": transformer,
	"transformerdecoder":      transformer,
	"transformerdecoderlayer": transformer,
	"encoderlayer":            transformer,
	"decoderlayer":            transformer,
	"feedforward":             "write its layers: `linear 256; gelu; linear 64`",
	"ffn":                     "write its layers: `linear 256; gelu; linear 64`",
	"mlp":                     "write its layers: `linear 64; relu; linear 64`",

	"sequential": "statements follow one another: `linear 16; relu; linear 1`",
}

// ignored says how a loss leaves positions out.
const ignored = "a position takes no part where its target is the class that `ignore` names, −100 where nothing is said: give the padding that target"

// transformer says what one of a transformer's layers is made of.
const transformer = "write what it is made of, as a block that is repeated: `residual { layernorm; attention 4 }` and `residual { layernorm; linear 256; gelu; linear 64 }`"

// argumentsElsewhere are arguments by their names elsewhere. Of several of one name a word has at most one.
var argumentsElsewhere = names(`
	lr: learningrate
	decay: weightdecay wd l2
	beta1: b1
	beta2: b2
	eps: epsilon
	initial: initialaccumulatorvalue
	kernel: kernelsize poolsize
	stride: strides
	pad: padding
	dilation: dilationrate
	p: rate prob probability
	dim: embeddingdim embeddim embeddingsize outputdim
	bias: usebias
	size: units filters outfeatures outchannels hiddensize hiddendim hiddenunits hidden nhidden
	layers: numlayers nlayers
	heads: numheads nheads nhead
	kv_heads: numkvheads nkvheads numkeyvalueheads
	causal: iscausal
	base: theta ropetheta ropebase
	dropout: dropoutp dropoutrate attndropout attentiondropout dropoutprob
	ignore: ignoreindex
	smoothing: labelsmoothing
	class_weights: classweight classweights
	warmup: warmupsteps
	min: etamin minlr
	gamma: decayrate
	at: milestones
	rise: pctstart
	div: divfactor
	final_div: finaldivfactor
	min_delta: mindelta
	n: size stepsize
	axis: dim
	factor: scalefactor
	mask: paddingmask keypaddingmask srckeypaddingmask attnmask attentionmask
	length: lengths seqlens
`)

// argumentPhrases say what to write for what is no argument here: of any word, or of the one that stands before it.
var argumentPhrases = map[string]string{
	"cross_entropy mask": ignored,
	"nll mask":           ignored,

	"betas":             "write `beta1=0.9 beta2=0.999`",
	"activation":        "an activation is a statement of its own, after a `;`: `linear 16; relu`",
	"infeatures":        "write both sizes, `linear 10->16`, or leave the first out",
	"inchannels":        "write both sizes, `linear 10->16`, or leave the first out",
	"batchfirst":        "rows come first, then positions: leave it out",
	"returnsequences":   "without the flag `last` a recurrent layer gives all its states, with it the final one: `lstm 16 last`",
	"returnstate":       "without the flag `last` a recurrent layer gives all its states, with it the final one: `lstm 16 last`",
	"recurrentdropout":  "dropout acts between the layers of `layers=2`, and on what comes out as a statement of its own: `lstm 16; dropout 0.1`",
	"nonlinearity":      "`rnn` has tanh, and no other",
	"paddingidx":        "a padding is an integer as others are; what follows leaves it out by `mask=` or `length=`",
	"embeddim":          "what flows in says it: leave it out",
	"dmodel":            "what flows in says it: leave it out",
	"vocabsize":         "the input says it: `input x[5] of 100`",
	"inputdim":          "the input says it: `input x[10]`",
	"inputsize":         "the input says it: `input x[10]`",
	"inputshape":        "the input says it: `input x[10]`",
	"numembeddings":     "the input says it: `input x[5] of 100`",
	"reduction":         "a loss is always a mean",
	"fromlogits":        "losses take logits: leave the activation before them out",
	"kernelinitializer": "write `init` before the layers, as `init kaiming`",
	"name":              "a name stands before the statement, as a label: `hidden: linear 16`",
}

// names reads lines of a name and the others that stand for it, and returns the name by the others. Of one that stands
// for several all are kept.
func names(text string) map[string][]string {
	by := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, others, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, other := range append(strings.Fields(others), plainly(name)) {
			by[other] = append(by[other], name)
		}
	}
	return by
}

// plainly writes a name in small letters without underscores.
func plainly(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// Elsewhere returns the word of those kinds, one to come included, that goes by a name in PyTorch or Keras, "" if none
// does. What has no word of its own here has a phrase that says what to write.
func Elsewhere(name string, kinds ...Kind) (word, phrase string) {
	plain := plainly(name)
	for _, word := range wordsElsewhere[plain] {
		if has(word, kinds) {
			return word, ""
		}
	}
	for _, kind := range kinds {
		for _, word := range slices.Concat(Names(kind), planned[kind]) {
			if plainly(word) == plain {
				return word, ""
			}
		}
	}
	return "", phrasesElsewhere[plain]
}

// has reports whether a word is of one of those kinds, or will be.
func has(word string, kinds []Kind) bool {
	_, coming := Planned(word, kinds...)
	return coming || Find(word, kinds...) != nil
}

// ArgumentElsewhere returns the argument of a word that goes by a name in PyTorch or Keras, nil if none does. What is no
// argument here has a phrase that says what to write.
func (w *Word) ArgumentElsewhere(name string) (arg *Arg, phrase string) {
	plain := plainly(name)
	for i, a := range w.Args {
		if plainly(a.Name) == plain || slices.Contains(argumentsElsewhere[plain], a.Name) {
			return &w.Args[i], ""
		}
	}
	if phrase, own := argumentPhrases[w.Name+" "+plain]; own {
		return nil, phrase
	}
	return nil, argumentPhrases[plain]
}
