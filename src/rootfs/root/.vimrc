set expandtab shiftwidth=2
