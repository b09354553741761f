. ~/.bashrc
# Not cat: a page has no programs yet but this shell.
echo "$(</etc/motd)"
export EDITOR=nano PAGER=less
