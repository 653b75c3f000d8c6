module k8s-ha.lab/csr-reader

go 1.26.0
