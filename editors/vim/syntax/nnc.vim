" Generated from the declarations of the words.
if exists("b:current_syntax")
  finish
endif
syntax case match
syntax keyword nncFlag amsgrad balanced bidirectional bilinear causal centered channel circular default global kaiming kaiming_normal layer nearest nesterov none normal ones reflect replicate rope same sinusoidal uniform vectors xavier xavier_normal zeros true false in of
syntax match nncBlock /\v<[A-Z]\w*>/
syntax match nncNumber /\v<\d+(\.\d+)?([eE][+-]?\d+)?>/
syntax match nncOperator /->\|[=+*\/-]/
syntax match nncArgument /\v<(affine|alpha|axis|base|beta|beta1|beta2|bias|bound|class_weights|cooldown|dampening|decay|decay_skip|delta|dilation|div|dropout|eps|every|factor|final_div|gain|gamma|groups|ignore|initial|k|kernel|kv_heads|layers|length|lr_decay|mask|max|memory|min|min_delta|mode|momentum|momentum_decay|monitor|output_pad|pad|patience|per|pos_weight|rho|rise|slope|smoothing|std|stride|target|threshold|tied|value|warmup|weight)>\ze\s*\=/
syntax match nncLabel /\v<[A-Za-z]\w*\s*:/
syntax match nncLoss /\v(loss\s+)@<=(bce|bce_logits|cosine|cross_entropy|hinge|huber|kl|mae|mse|nll|poisson|smooth_l1|span)>/
syntax match nncMetric /\v(metric\s+)@<=(accuracy|auc|exact_match|f1|mae|perplexity|precision|r2|recall|rmse|top)>/
syntax match nncSchedule /\v(schedule\s+)@<=(constant|cosine|exponential|linear|multistep|onecycle|plateau|step)>/
syntax match nncStructure /\v%(%(^|[;{])\s*%([A-Za-z]\w*\s*:\s*)?)@<=%(block|const|freeze|from|init|input|loss|metric|model|output|repeat|residual|split)>/
syntax match nncLayer /\v%(%(^|[;{])\s*%([A-Za-z]\w*\s*:\s*)?)@<=%(add|attention|avgpool|avgpool1d|batchnorm|concat|conv|conv1d|deconv|dropout|elu|embedding|flatten|gelu|groupnorm|gru|hardsigmoid|hardswish|hardtanh|last|layernorm|leaky_relu|linear|log_softmax|lstm|maxpool|maxpool1d|mean|mish|mul|noise|onehot|pad|position|prelu|relu|relu6|reshape|rmsnorm|rnn|selu|sigmoid|silu|slice|softmax|softplus|softsign|tanh|transpose|upsample)>/
syntax match nncTraining /\v%(%(^|[;{])\s*%([A-Za-z]\w*\s*:\s*)?)@<=%(adadelta|adagrad|adam|adamax|adamw|lion|nadam|radam|rmsprop|sgd|accumulate|average|batch|clip|epochs|schedule|seed|steps|stop)>/
syntax region nncString start=/"/ skip=/\\./ end=/"/ oneline
syntax match nncComment /\/\/.*$/ contains=@Spell
highlight default link nncFlag Constant
highlight default link nncBlock Type
highlight default link nncNumber Number
highlight default link nncOperator Operator
highlight default link nncArgument Identifier
highlight default link nncLabel Label
highlight default link nncLoss Function
highlight default link nncMetric Function
highlight default link nncSchedule Function
highlight default link nncStructure Keyword
highlight default link nncLayer Function
highlight default link nncTraining Statement
highlight default link nncString String
highlight default link nncComment Comment
let b:current_syntax = "nnc"
