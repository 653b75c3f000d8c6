module k8s-ha.lab/images

go 1.26.0
