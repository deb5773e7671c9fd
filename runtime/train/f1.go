package train

// f1 is the harmonic mean of the precision and the recall of a class.
var f1 = ofClasses("f1", classHits.f1)
