package routes

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
)

// HTTPRouteOptions are what [HTTPRoute] needs beside [Options], of which Listener has
// no meaning here: the Gateway listens and holds the certificates.
type HTTPRouteOptions struct {
	Options
	Cluster Cluster
	// Parents are the Gateways that the routes attach to, at least one. Their listeners
	// must admit routes from the namespaces of MAS and Synapse (allowedRoutes).
	Parents []Parent
	// GatewayAPI is the release of the installed definitions. Zero means 1.2 or newer. Before
	// 1.1 a rule takes 8 matches, so that there are more rules; before 1.2 the standard
	// definitions know no timeouts, so that none are written.
	GatewayAPI maskit.Version
	// InSynapseNamespace puts all routes of the client API host into the namespace of Synapse,
	// for Gateways that admit no other, and a ReferenceGrant into that of MAS.
	InSynapseNamespace bool
}

// Parent is a Gateway.
type Parent struct {
	// Name is required. Namespace is required too, because the routes may stand in two of them.
	Namespace, Name string
	// SectionName is one listener of the Gateway; empty means all with the host, one for
	// plain http too.
	SectionName string
}

// Gateway API limits (gateway.networking.k8s.io/v1, HTTPRouteSpec): matches in a rule,
// before release 1.1 and since, rules in a route, and matches in a route.
const (
	oldMatchesPerRule = 8
	matchesPerRule    = 64
	rulesPerRoute     = 16
	matchesPerRoute   = 128
)

// Validate reports all problems at once.
func (o HTTPRouteOptions) Validate() maskit.Problems {
	problems := o.Options.Validate()
	problems = append(problems, o.Cluster.check(o.Options)...)
	if len(o.Parents) == 0 {
		problems = append(problems, problem("parents", "required", "names no Gateway", "name the Gateway with the listeners of both hosts"))
	}
	for i, parent := range o.Parents {
		path := fmt.Sprintf("parents[%d]", i)
		problems = append(problems, checkLabel(path+".namespace", parent.Namespace, "the namespace of the Gateway")...)
		if parent.Name == "" {
			problems = append(problems, problem(path+".name", "required", "is missing", "the name of the Gateway"))
		}
		problems = append(problems, checkObjectName(path+".name", parent.Name)...)
		problems = append(problems, checkObjectName(path+".section_name", parent.SectionName)...)
	}
	return append(problems, o.httpsUpstreams("HTTPRoute", "add a BackendTLSPolicy for the Service")...)
}

// HTTPRoute writes Gateway API objects (gateway.networking.k8s.io/v1): an HTTPRoute for
// each share of a host, named as by [Ingress], in the namespace of its backend. With
// InSynapseNamespace <name>-compat stands beside <name>-synapse, and a ReferenceGrant
// (v1beta1, which every release serves) lets it reach the Service of MAS.
//
// All matches are PathPrefix, which compares whole segments; of all routes of a
// host the longest prefix wins. If MAS stands below a path of the homeserver's
// host, every Matrix path has a rule of its own, with a URLRewrite filter that
// puts the path of MAS before it (support of that filter is "extended").
//
// Rules of Synapse switch off the timeout of requests: clients wait for /sync, and
// Envoy's default of 15 seconds would cut them off. Support of timeouts is "extended"
// too: look at the conditions in the status of the routes.
//
// Paths within a prefix are denied by rules without a backend, which a Gateway
// answers with 500 (some with 404).
//
// What HTTPRoute cannot express, and what that means, is what [Ingress] says of
// paths and methods. No filter knows the address of the peer: that X-Forwarded-For
// is overwritten is a setting of the Gateway (problem client-address), such as
// clientIPDetection in a ClientTrafficPolicy of Envoy Gateway.
func HTTPRoute(o HTTPRouteOptions) ([]byte, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return nil, problems
	}
	var objects []object
	for _, s := range o.table().shares() {
		route, found := o.route(s)
		problems = append(problems, found...)
		objects = append(objects, route)
	}
	if o.crossesNamespaces() {
		objects = append(objects, o.grant())
	}
	if problems.Err() != nil {
		return nil, problems
	}
	problems = append(problems, info("", "client-address",
		"whether a client can choose the address that MAS sees, by an X-Forwarded-For of its own, is a setting of the Gateway",
		"have it overwrite the header with the address of the peer"))
	if o.MaxBodyBytes != 0 {
		problems = append(problems, info("max_body_bytes", "body-size", "HTTPRoute cannot limit bodies, and Gateways have limits of their own", "set it by a policy of the Gateway"))
	}
	return writeObjects(objects), problems
}

type httpRouteSpec struct {
	ParentRefs []parentRef     `yaml:"parentRefs"`
	Hostnames  []string        `yaml:"hostnames"`
	Rules      []httpRouteRule `yaml:"rules"`
}

type parentRef struct {
	Namespace   string `yaml:"namespace"`
	Name        string `yaml:"name"`
	SectionName string `yaml:"sectionName,omitempty"`
}

type httpRouteRule struct {
	Matches     []httpRouteMatch  `yaml:"matches"`
	Filters     []httpRouteFilter `yaml:"filters,omitempty"`
	BackendRefs []backendRef      `yaml:"backendRefs,omitempty"`
	Timeouts    *routeTimeouts    `yaml:"timeouts,omitempty"`
}

type routeTimeouts struct {
	Request string `yaml:"request"`
}

type httpRouteMatch struct {
	Path struct {
		Type  string `yaml:"type"`
		Value string `yaml:"value"`
	} `yaml:"path"`
}

type httpRouteFilter struct {
	Type       string `yaml:"type"`
	URLRewrite struct {
		Path struct {
			Type               string `yaml:"type"`
			ReplacePrefixMatch string `yaml:"replacePrefixMatch"`
		} `yaml:"path"`
	} `yaml:"urlRewrite"`
}

type backendRef struct {
	Name      string `yaml:"name"`
	Namespace string `yaml:"namespace,omitempty"`
	Port      int    `yaml:"port"`
}

// route is the HTTPRoute of a share.
func (o HTTPRouteOptions) route(s share) (object, maskit.Problems) {
	namespace := o.namespace(s)
	spec := httpRouteSpec{Hostnames: []string{s.host}}
	for _, parent := range o.Parents {
		spec.ParentRefs = append(spec.ParentRefs, parentRef(parent))
	}
	prefixes, denied := s.prefixes(), s.deniedPrefixes()
	for chunk := range slices.Chunk(prefixes, o.matchesPerRule(s)) {
		spec.Rules = append(spec.Rules, o.rule(s, namespace, chunk))
	}
	for chunk := range slices.Chunk(denied, o.limit()) {
		spec.Rules = append(spec.Rules, httpRouteRule{Matches: matches(chunk)})
	}
	var problems maskit.Problems
	if len(spec.Rules) > rulesPerRoute || len(prefixes)+len(denied) > matchesPerRoute {
		problems = append(problems, problem("synapse_paths", "too-many-paths",
			fmt.Sprintf("are more than fit into an HTTPRoute: %d rules with %d matches in all", rulesPerRoute, matchesPerRoute), "name fewer, shorter paths"))
	}
	return object{
		comment: describe(s.rows) + describe(s.deniedRows()), APIVersion: "gateway.networking.k8s.io/v1", Kind: "HTTPRoute",
		Metadata: o.Cluster.metadata(o.name()+"-"+s.name, namespace), Spec: spec,
	}, problems
}

func (o HTTPRouteOptions) rule(s share, namespace string, paths []string) httpRouteRule {
	service := o.Cluster.service(o.Options, s.to)
	ref := backendRef{Name: service.Name, Port: service.Port}
	if service.Namespace != namespace {
		ref.Namespace = service.Namespace
	}
	rule := httpRouteRule{Matches: matches(paths), BackendRefs: []backendRef{ref}}
	if s.addPrefix != "" {
		filter := httpRouteFilter{Type: "URLRewrite"}
		filter.URLRewrite.Path.Type = "ReplacePrefixMatch"
		filter.URLRewrite.Path.ReplacePrefixMatch = s.addPrefix + paths[0]
		rule.Filters = []httpRouteFilter{filter}
	}
	if s.to == Synapse && o.since(maskit.Version{Major: 1, Minor: 2}) {
		rule.Timeouts = &routeTimeouts{Request: "0s"}
	}
	return rule
}

func matches(paths []string) []httpRouteMatch {
	out := make([]httpRouteMatch, len(paths))
	for i, path := range paths {
		out[i].Path.Type, out[i].Path.Value = "PathPrefix", path
	}
	return out
}

// matchesPerRule is one if each path has a rewrite of its own.
func (o HTTPRouteOptions) matchesPerRule(s share) int {
	if s.addPrefix != "" {
		return 1
	}
	return o.limit()
}

func (o HTTPRouteOptions) limit() int {
	if o.since(maskit.Version{Major: 1, Minor: 1}) {
		return matchesPerRule
	}
	return oldMatchesPerRule
}

func (o HTTPRouteOptions) since(release maskit.Version) bool {
	return o.GatewayAPI.IsZero() || o.GatewayAPI.AtLeast(release)
}

// namespace is where the route of a share stands.
func (o HTTPRouteOptions) namespace(s share) string {
	if o.InSynapseNamespace && s.host == hostname(o.Site.ClientAPIURL) {
		return o.Cluster.service(o.Options, Synapse).Namespace
	}
	return o.Cluster.service(o.Options, s.to).Namespace
}

func (o HTTPRouteOptions) crossesNamespaces() bool {
	return o.InSynapseNamespace &&
		o.Cluster.service(o.Options, MAS).Namespace != o.Cluster.service(o.Options, Synapse).Namespace
}

type referenceGrantSpec struct {
	From []grantFrom `yaml:"from"`
	To   []grantTo   `yaml:"to"`
}

type grantFrom struct {
	Group     string `yaml:"group"`
	Kind      string `yaml:"kind"`
	Namespace string `yaml:"namespace"`
}

type grantTo struct {
	Group string `yaml:"group"`
	Kind  string `yaml:"kind"`
	Name  string `yaml:"name"`
}

// grant lets the routes in Synapse's namespace reach the Service of MAS, and no other.
func (o HTTPRouteOptions) grant() object {
	mas := o.Cluster.service(o.Options, MAS)
	synapse := o.Cluster.service(o.Options, Synapse)
	return object{
		comment:    "lets the routes of " + synapse.Namespace + " reach the Service of MAS",
		APIVersion: "gateway.networking.k8s.io/v1beta1", Kind: "ReferenceGrant",
		Metadata: o.Cluster.metadata(o.name()+"-compat", mas.Namespace),
		Spec: referenceGrantSpec{
			From: []grantFrom{{Group: "gateway.networking.k8s.io", Kind: "HTTPRoute", Namespace: synapse.Namespace}},
			To:   []grantTo{{Kind: "Service", Name: mas.Name}},
		},
	}
}
