package train

// recall is the share of a class that is found, 0 where there is none of it.
var recall = ofClasses("recall", classHits.recall)
