// csr-reader prints what Go reads in certificate requests, like the API server and the signer of Kubernetes
// (pkg/apis/certificates/helpers.go, pkg/apis/certificates/validation, pkg/controller/certificates/signer).
//
// It reads texts from stdin, each with its length before it in four bytes (big endian), and answers a line of JSON for each.
// With a node's name as its argument it prints the request of that node's kubelet instead (client-go, util/csr).
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"os"
)

const label = "CERTIFICATE REQUEST"

// answer is the content of a certificate made from the request.
type answer struct {
	// Why the API server refuses to store the request; empty if it accepts it.
	Refused      string   `json:"refused,omitempty"`
	CommonName   string   `json:"commonName"`
	Organization []string `json:"organization"`
	// Parts of the subject, and alternative names of any kind.
	Parts int `json:"parts"`
	Names int `json:"names"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) > 1 {
		if err := write(os.Args[1]); err != nil {
			log.Fatal(err)
		}
		return
	}
	input, output := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriterSize(os.Stdout, 1<<20)
	defer output.Flush()
	encoder := json.NewEncoder(output)
	for {
		var size uint32
		if err := binary.Read(input, binary.BigEndian, &size); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			log.Fatal(err)
		}
		text := make([]byte, size)
		if _, err := io.ReadFull(input, text); err != nil {
			log.Fatal(err)
		}
		if err := encoder.Encode(read(text)); err != nil {
			log.Fatal(err)
		}
	}
}

func read(text []byte) answer {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != label {
		return answer{Refused: "PEM block type must be " + label}
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err == nil {
		err = request.CheckSignature()
	}
	if err != nil {
		return answer{Refused: err.Error()}
	}
	return answer{
		CommonName:   request.Subject.CommonName,
		Organization: request.Subject.Organization,
		Parts:        len(request.Subject.Names),
		Names:        len(request.DNSNames) + len(request.EmailAddresses) + len(request.IPAddresses) + len(request.URIs),
	}
}

func write(node string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	subject := pkix.Name{Organization: []string{"system:nodes"}, CommonName: "system:node:" + node}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: subject}, key)
	if err != nil {
		return err
	}
	return pem.Encode(os.Stdout, &pem.Block{Type: label, Bytes: der})
}
