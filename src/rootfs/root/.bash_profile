. ~/.bashrc
cat /etc/motd
