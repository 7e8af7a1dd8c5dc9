FROM busybox
COPY . /all
CMD ["ls", "/all"]
