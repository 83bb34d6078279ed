package routes

import (
	"fmt"
	"maps"

	"github.com/maskit-dev/maskit"
)

// IngressOptions are what [Ingress] needs beside [Options], of which Listener has
// no meaning here: the controller listens and holds the certificates.
type IngressOptions struct {
	Options
	Cluster Cluster
	// ClassName is the IngressClass; empty means the default one of the cluster.
	ClassName string
	// ClientAPITLSSecret and AccountTLSSecret hold the certificates of the two hosts, in the
	// namespaces of Synapse and MAS. Empty writes no tls section: TLS then ends before the
	// controller, or with its default certificate.
	ClientAPITLSSecret, AccountTLSSecret string
	// TLSAnnotations stand on the objects that have a tls section only, such as
	// cert-manager.io/cluster-issuer.
	TLSAnnotations map[string]string
}

// Validate reports all problems at once.
func (o IngressOptions) Validate() maskit.Problems {
	problems := o.Options.Validate()
	problems = append(problems, o.Cluster.check(o.Options)...)
	problems = append(problems, checkKeys("tls_annotations", o.TLSAnnotations).Sorted()...)
	problems = append(problems, checkObjectName("class_name", o.ClassName)...)
	problems = append(problems, checkObjectName("client_api_tls_secret", o.ClientAPITLSSecret)...)
	problems = append(problems, checkObjectName("account_tls_secret", o.AccountTLSSecret)...)
	if prefix := o.Site.Prefix(); prefix != "" {
		problems = append(problems, problem("site.account_url", "prefix-inexpressible",
			fmt.Sprintf("puts MAS below %s, so that %s must be put before the Matrix paths that MAS answers, which Ingress cannot say", prefix, prefix),
			"give MAS a host of its own, or use HTTPRoute or IngressRoute"))
	}
	return append(problems, o.httpsUpstreams("Ingress", "add the annotation of the controller by cluster.annotations, such as nginx.ingress.kubernetes.io/backend-protocol: HTTPS")...)
}

// Ingress writes Kubernetes Ingress objects (networking.k8s.io/v1), one for each
// share of a host, because an Ingress reaches Services of its own namespace only:
//
//   - <name>-compat in the namespace of MAS: on the client API host, the twelve paths
//     that MAS answers in place of Synapse. No tls section: one object of a host has it;
//   - <name>-synapse in the namespace of Synapse: what Synapse serves on that host;
//   - <name>-account in the namespace of MAS: the account host.
//
// Controllers merge the objects of one host, and the longest prefix wins. All paths
// have the type Prefix, which compares whole segments; no annotation is needed.
// ingress-nginx: do not set use-regex on any object of these hosts, it makes a regular
// expression, without case, of every path.
//
// What Ingress cannot express, and what that means:
//
//   - Everything below the twelve paths goes to MAS, not only single sign-on
//     (/_matrix/client/v3/login/anything). MAS answers 404 there, and so would Synapse.
//   - No method is refused: MAS and Synapse answer 405 themselves.
//   - No path within a prefix is denied (problem deny-inexpressible).
//   - Controllers differ in which form of a path they compare. ingress-nginx decodes and
//     cleans it, and passes the original on. So it takes v3/%6cogin for a login, where MAS
//     answers 404; and /_synapse/admin/v1/x/..%2f..%2f..%2f..%2f_matrix for
//     /_matrix, where Synapse's admin API sees a call about "../../../../_matrix".
//     No call with an argument that exists can be written so, and none to
//     /_synapse/mas.
//   - Whether X-Forwarded-For is overwritten is a setting of the controller
//     (problem client-address), and so is the size of bodies (problem body-size).
//   - Traefik serves an object without a tls section on https only if its entry point has
//     TLS by itself, so that the twelve paths may be missing there: use [IngressRoute].
func Ingress(o IngressOptions) ([]byte, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return nil, problems
	}
	shares := o.table().shares()
	problems = append(problems, undeniable("Ingress", shares)...)
	problems = append(problems,
		info("", "client-address", "whether a client can choose the address that MAS sees, by an X-Forwarded-For of its own, is a setting of the controller",
			"have it overwrite the header with the address of the peer (ingress-nginx does, unless use-forwarded-headers is true)"),
		info("max_body_bytes", "body-size", fmt.Sprintf("Synapse takes bodies of %d bytes, but Ingress cannot say so; ingress-nginx stops at 1 MiB by default", o.maxBody()),
			"add the annotation of the controller by cluster.annotations, such as nginx.ingress.kubernetes.io/proxy-body-size"),
	)
	objects := make([]object, len(shares))
	for i, s := range shares {
		objects[i] = o.object(s)
	}
	return writeObjects(objects), problems
}

type ingressSpec struct {
	ClassName string        `yaml:"ingressClassName,omitempty"`
	TLS       []ingressTLS  `yaml:"tls,omitempty"`
	Rules     []ingressRule `yaml:"rules"`
}

type ingressTLS struct {
	Hosts      []string `yaml:"hosts"`
	SecretName string   `yaml:"secretName"`
}

type ingressRule struct {
	Host string `yaml:"host"`
	HTTP struct {
		Paths []ingressPath `yaml:"paths"`
	} `yaml:"http"`
}

type ingressPath struct {
	Path     string         `yaml:"path"`
	PathType string         `yaml:"pathType"`
	Backend  ingressBackend `yaml:"backend"`
}

type ingressBackend struct {
	Service struct {
		Name string `yaml:"name"`
		Port struct {
			Number int `yaml:"number"`
		} `yaml:"port"`
	} `yaml:"service"`
}

func (o IngressOptions) object(s share) object {
	service := o.Cluster.service(o.Options, s.to)
	var backend ingressBackend
	backend.Service.Name, backend.Service.Port.Number = service.Name, service.Port
	rule := ingressRule{Host: s.host}
	for _, path := range s.prefixes() {
		rule.HTTP.Paths = append(rule.HTTP.Paths, ingressPath{Path: path, PathType: "Prefix", Backend: backend})
	}
	spec := ingressSpec{ClassName: o.ClassName, Rules: []ingressRule{rule}}
	meta := o.Cluster.metadata(o.name()+"-"+s.name, service.Namespace)
	if secret := o.secret(s); secret != "" {
		spec.TLS = []ingressTLS{{Hosts: []string{s.host}, SecretName: secret}}
		meta.Annotations = merged(meta.Annotations, o.TLSAnnotations)
	}
	return object{comment: describe(s.rows), APIVersion: "networking.k8s.io/v1", Kind: "Ingress", Metadata: meta, Spec: spec}
}

// secret is the TLS secret of a share's object; one object of each host has it.
func (o IngressOptions) secret(s share) string {
	switch {
	case s.name == "synapse":
		return o.ClientAPITLSSecret
	case s.name == "account" && s.host != hostname(o.Site.ClientAPIURL):
		return o.AccountTLSSecret
	}
	return ""
}

// merged returns a new map with the entries of both; the second one wins.
func merged(a, b map[string]string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, a)
	maps.Copy(out, b)
	return out
}
