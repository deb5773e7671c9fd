package train

// precision is the share of the predictions of a class that are right, 0 where there are none.
var precision = ofClasses("precision", classHits.precision)
