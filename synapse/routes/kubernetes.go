package routes

import (
	"bytes"
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Cluster says where MAS and Synapse are in a Kubernetes cluster, for the renderers of
// Kubernetes objects. Its zero value takes everything from the URLs of [Options].
type Cluster struct {
	// MAS and Synapse are the Services behind the edge. Empty fields are taken from the
	// URLs of Options if those name a Service, as http://mas.matrix-auth.svc:8080/ does.
	MAS, Synapse Service
	// Labels and Annotations are put on every object.
	Labels, Annotations map[string]string
}

// Service is a port of a Kubernetes Service.
type Service struct {
	Namespace, Name string
	// Port is the port of the Service, not that of its pods.
	Port int
}

// service is the Service of a backend.
func (c Cluster) service(o Options, to Backend) Service {
	given, address := c.Synapse, o.synapseURL()
	if to == MAS {
		given, address = c.MAS, o.masURL()
	}
	named := serviceOf(parsed(address))
	return Service{
		Namespace: cmp.Or(given.Namespace, named.Namespace),
		Name:      cmp.Or(given.Name, named.Name),
		Port:      cmp.Or(given.Port, named.Port),
	}
}

// serviceOf reads name.namespace.svc and what may follow. The zero value means that
// the URL names no Service.
func serviceOf(u *url.URL) Service {
	labels := strings.Split(u.Hostname(), ".")
	if len(labels) < 3 || labels[2] != "svc" {
		return Service{}
	}
	port := map[string]int{"http": 80, "https": 443}[u.Scheme]
	if n, err := strconv.Atoi(u.Port()); err == nil {
		port = n
	}
	return Service{Namespace: labels[1], Name: labels[0], Port: port}
}

// check says what is wrong for the objects of any kind.
func (c Cluster) check(o Options) maskit.Problems {
	var problems maskit.Problems
	for _, backend := range []struct {
		path string
		to   Backend
	}{{"cluster.mas", MAS}, {"cluster.synapse", Synapse}} {
		service := c.service(o, backend.to)
		const hint = "set it, or use a URL such as http://mas.matrix-auth.svc:8080/"
		problems = append(problems, checkLabel(backend.path+".namespace", service.Namespace, hint)...)
		problems = append(problems, checkLabel(backend.path+".name", service.Name, hint)...)
		if service.Port < 1 || service.Port > 65535 {
			problems = append(problems, problem(backend.path+".port", "out-of-range", "is no port", hint))
		}
	}
	problems = append(problems, c.checkMetadata()...)
	problems = append(problems, checkHostName("site.client_api_url", o.Site.ClientAPIURL)...)
	return append(problems, checkHostName("site.account_url", o.Site.AccountURL)...)
}

// httpsUpstreams warns of upstreams with TLS for kinds of objects that cannot say it.
func (o Options) httpsUpstreams(kind, hint string) maskit.Problems {
	var problems maskit.Problems
	for _, upstream := range []struct{ path, address string }{{o.masPath(), o.masURL()}, {o.synapsePath(), o.synapseURL()}} {
		if parsed(upstream.address).Scheme == "https" {
			p := problem(upstream.path, "tls-inexpressible", "is https, which "+kind+" cannot say", hint)
			p.Severity = maskit.SeverityWarning
			problems = append(problems, p)
		}
	}
	return problems
}

// checkLabel applies RFC 1123, as Kubernetes does to the names of namespaces and Services.
func checkLabel(path, name, hint string) maskit.Problems {
	switch {
	case name == "":
		return maskit.Problems{problem(path, "required", "is missing", hint)}
	case len(name) > 63 || !regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`).MatchString(name):
		return maskit.Problems{problem(path, "name-invalid", "is no name of Kubernetes", "at most 63 lower-case letters, digits and -")}
	}
	return nil
}

func (c Cluster) checkMetadata() maskit.Problems {
	problems := append(checkKeys("cluster.labels", c.Labels), checkKeys("cluster.annotations", c.Annotations)...)
	for key, value := range c.Labels {
		if !regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$`).MatchString(value) {
			problems = append(problems, problem(fmt.Sprintf("cluster.labels[%q]", key), "label-invalid", "is no value of a label", "at most 63 letters, digits and . _ -"))
		}
	}
	return problems.Sorted()
}

// checkKeys applies the grammar of the keys of labels and annotations.
func checkKeys(path string, m map[string]string) maskit.Problems {
	var problems maskit.Problems
	for key := range m {
		if !regexp.MustCompile(`^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$`).MatchString(key) {
			problems = append(problems, problem(fmt.Sprintf("%s[%q]", path, key), "key-invalid", "is no key of labels and annotations", "such as example.com/name"))
		}
	}
	return problems
}

// checkObjectName applies RFC 1123 for names with dots. Empty is fine.
func checkObjectName(path, name string) maskit.Problems {
	if name == "" || isDNSName(name) {
		return nil
	}
	return maskit.Problems{problem(path, "name-invalid", "is no name of Kubernetes", "lower-case letters, digits, - and .")}
}

// checkHostName refuses IP addresses. What is no name at all is reported with the site.
func checkHostName(path, address string) maskit.Problems {
	if _, err := netip.ParseAddr(hostname(address)); err != nil {
		return nil
	}
	return maskit.Problems{problem(path, "host-not-dns", "has an IP address for a host, where Kubernetes asks for a DNS name",
		"use a name of letters, digits, - and .")}
}

func isDNSName(name string) bool {
	return len(name) <= 253 && regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`).MatchString(name)
}

// object is a Kubernetes object. Comment stands above it.
type object struct {
	comment    string
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       any      `yaml:"spec"`
}

type metadata struct {
	Name        string            `yaml:"name"`
	Namespace   string            `yaml:"namespace"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// metadata is that of an object that belongs to a backend.
func (c Cluster) metadata(name, namespace string) metadata {
	return metadata{Name: name, Namespace: namespace, Labels: c.Labels, Annotations: c.Annotations}
}

// writeObjects writes one YAML document for each object.
func writeObjects(objects []object) []byte {
	var out bytes.Buffer
	for i, o := range objects {
		if i > 0 {
			out.WriteString("---\n")
		}
		out.WriteString(comment(o.comment))
		out.Write(encodeYAML(o))
	}
	return out.Bytes()
}

func encodeYAML(value any) []byte {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	_ = encoder.Encode(value) // structs of texts and numbers: cannot fail
	return out.Bytes()
}

// comment makes a text a YAML comment.
func comment(text string) string {
	if text == "" {
		return ""
	}
	return "# " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n# ") + "\n"
}

// describe lists rows for a comment: which paths, and why.
func describe(rows []Row) string {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&b, "%s -> %s: %s\n", row.Pattern, row.To, row.Reason)
	}
	return b.String()
}
