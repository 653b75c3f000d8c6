// flannel-cni is what the lab's images of flannel have beside flanneld, whose own module is not available everywhere: the CNI
// plugin "flannel", which has another plugin set up a pod's network by what flanneld wrote, and the two commands that place files.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const subnetFile = "/run/flannel/subnet.env"

func main() {
	var err error
	switch filepath.Base(os.Args[0]) {
	case "cp", "install-conf":
		err = place(os.Args[len(os.Args)-2], os.Args[len(os.Args)-1])
	default:
		err = plugin()
	}
	if err == nil {
		return
	}
	// As the CNI specification wants an error.
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"cniVersion": "1.0.0", "code": 100, "msg": err.Error()})
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// place copies a file atomically: a reader sees the old or the new one, never a part.
func place(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	part := to + ".part"
	if err := os.WriteFile(part, content, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(part, to)
}

type netConf struct {
	CNIVersion string         `json:"cniVersion"`
	Name       string         `json:"name"`
	Delegate   map[string]any `json:"delegate"`
}

func plugin() error {
	if os.Getenv("CNI_COMMAND") == "VERSION" {
		fmt.Println(`{"cniVersion":"1.0.0","supportedVersions":["0.3.1","0.4.0","1.0.0"]}`)
		return nil
	}
	var conf netConf
	if err := json.NewDecoder(os.Stdin).Decode(&conf); err != nil {
		return err
	}
	subnet, err := readSubnet()
	if err != nil {
		return err
	}
	return delegate(delegateConf(conf, subnet))
}

func readSubnet() (map[string]string, error) {
	content, err := os.ReadFile(subnetFile)
	if err != nil {
		return nil, fmt.Errorf("failed to load flannel's subnet: %w", err)
	}
	values := map[string]string{}
	for _, line := range strings.Fields(string(content)) {
		if name, value, ok := strings.Cut(line, "="); ok {
			values[name] = value
		}
	}
	// It contains the bridge's address; host-local needs the subnet itself.
	_, network, err := net.ParseCIDR(values["FLANNEL_SUBNET"])
	if err != nil {
		return nil, fmt.Errorf("failed to read %s: %w", subnetFile, err)
	}
	values["FLANNEL_SUBNET"] = network.String()
	return values, nil
}

func delegateConf(conf netConf, subnet map[string]string) map[string]any {
	merged := map[string]any{
		"type":       "bridge",
		"cniVersion": conf.CNIVersion,
		"name":       conf.Name,
		"isGateway":  true,
		"ipMasq":     subnet["FLANNEL_IPMASQ"] != "true",
		"mtu":        json.Number(subnet["FLANNEL_MTU"]),
		"ipam": map[string]any{
			"type":   "host-local",
			"ranges": [][]map[string]string{{{"subnet": subnet["FLANNEL_SUBNET"]}}},
			"routes": []map[string]string{{"dst": subnet["FLANNEL_NETWORK"]}},
		},
	}
	for key, value := range conf.Delegate {
		merged[key] = value
	}
	return merged
}

func delegate(conf map[string]any) error {
	content, err := json.Marshal(conf)
	if err != nil {
		return err
	}
	for _, folder := range filepath.SplitList(os.Getenv("CNI_PATH")) {
		program := filepath.Join(folder, fmt.Sprint(conf["type"]))
		if _, err := os.Stat(program); err != nil {
			continue
		}
		command := exec.Command(program)
		command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(content), os.Stdout, os.Stderr
		if err := command.Run(); err != nil {
			// The plugin has said what was wrong.
			os.Exit(1)
		}
		return nil
	}
	return fmt.Errorf("no plugin %v in %s", conf["type"], os.Getenv("CNI_PATH"))
}
