au BufRead,BufNewFile *.nn setfiletype nnc
