package mas

import (
	"fmt"
	"net/url"
	"strings"
)

// listeners checks what is served, and where.
func (c *checker) listeners(at place, listeners []Listener) {
	if len(listeners) == 0 {
		c.requiredItems(at, listeners == nil, "add a listener: without one MAS starts, serves nothing and burns CPU")
		return
	}
	var used []boundAddress
	for i, l := range listeners {
		c.listener(at.at(i), l)
		for j, b := range l.Binds {
			used = append(used, c.bind(at.at(i).key("binds").at(j), b)...)
		}
	}
	c.overlaps(used)
	c.servedSomewhere(at, listeners)
}

func (c *checker) listener(at place, l Listener) {
	if len(l.Resources) == 0 {
		c.requiredItems(at.key("resources"), l.Resources == nil, "name at least one resource")
	}
	if len(l.Binds) == 0 {
		c.requiredItems(at.key("binds"), l.Binds == nil, "name at least one address, such as {address: \"0.0.0.0:8080\"}")
	}
	c.resources(at.key("resources"), l)
	c.prefix(at.key("prefix"), l)
	if l.ProxyProtocol && l.serves(ResourceHealth) {
		c.warn(at.key("proxy_protocol"), "proxy-protocol-probes", "makes MAS drop probes, which send no PROXY header", "serve health on a listener of its own")
	}
	if l.TLS != nil {
		c.tls(at.key("tls"), *l.TLS)
	}
}

func (l Listener) serves(names ...ResourceName) bool {
	for _, r := range l.Resources {
		for _, name := range names {
			if r.Name == name {
				return true
			}
		}
	}
	return false
}

// public reports whether people and Matrix clients reach this listener.
func (l Listener) public() bool { return l.serves(ResourceHuman, ResourceCompat) }

func (c *checker) resources(at place, l Listener) {
	seen := map[ResourceName]bool{}
	for i, r := range l.Resources {
		here := at.at(i)
		if r.Name == "" {
			c.required(here.key("name"), "one of "+strings.Join(ResourceName("").values(), ", "))
			continue
		}
		if seen[r.Name] {
			c.fail(here.key("name"), "duplicate", fmt.Sprintf("mounts %s a second time, which stops MAS at start", r.Name), "remove it")
		}
		seen[r.Name] = true
		c.resourceOptions(here, r)
		c.exposure(here.key("name"), r.Name, l.public())
	}
}

// resourceOptions reports options of another resource, which MAS ignores.
func (c *checker) resourceOptions(at place, r Resource) {
	if r.Playground && r.Name != ResourceGraphQL {
		c.misplaced(at.key("playground"), "here: it belongs to graphql")
	}
	if r.UndocumentedOAuth2Access && r.Name != ResourceGraphQL {
		c.misplaced(at.key("undocumented_oauth2_access"), "here: it belongs to graphql")
	}
	if r.Path != "" && r.Name != ResourceAssets {
		c.misplaced(at.key("path"), "here: it belongs to assets")
	} else if r.Path != "" {
		c.directory(at.key("path"), r.Path)
	}
}

// exposure reports what must not be reachable by everyone, and metrics that are
// served without being collected.
func (c *checker) exposure(at place, name ResourceName, public bool) {
	const apart = "move it to a listener that only the cluster reaches"
	switch name {
	case ResourceHealth, ResourcePrometheus:
		if public {
			c.fail(at, "exposed", fmt.Sprintf("serves %s to everyone", name), apart)
		}
	case ResourceAdminAPI:
		if public {
			c.warn(at, "admin-exposed", "serves the admin API to everyone who has an admin token", apart)
		}
	case ResourceConnectionInfo:
		if public {
			c.fail(at, "exposed", "serves a dump of the connection to everyone", "remove it")
		} else {
			c.warn(at, "connection-info", "serves a dump of the connection, meant for debugging", "remove it")
		}
	}
	if name == ResourcePrometheus && !c.exportsPrometheus() {
		c.fail(at, "metrics-not-exported", "answers every scrape with 500, because no metrics are collected", "set telemetry.metrics.exporter to prometheus")
	}
}

func (c *checker) exportsPrometheus() bool {
	t := c.config.Telemetry
	return t != nil && t.Metrics != nil && t.Metrics.Exporter == MetricsPrometheus
}

// prefix checks the path under which a listener mounts its resources. MAS panics
// on one that does not start with a slash; the path of public_base mounts nothing.
func (c *checker) prefix(at place, l Listener) {
	if l.Prefix != "" && !strings.HasPrefix(l.Prefix, "/") {
		c.fail(at, "prefix-invalid", "does not start with /, which stops MAS at start", "write it as /"+strings.Trim(l.Prefix, "/"))
		return
	}
	if strings.ContainsAny(l.Prefix, "{}*?#:") || strings.Contains(l.Prefix, "//") {
		c.fail(at, "prefix-invalid", "is not a plain path", "use letters, digits, - and / only")
		return
	}
	u, err := url.Parse(c.config.HTTP.PublicBase)
	if err != nil || u.Host == "" || !l.public() {
		return
	}
	if want := strings.Trim(u.Path, "/"); strings.Trim(l.Prefix, "/") != want {
		c.warn(at, "prefix-mismatch", "is not the path of public_base", fmt.Sprintf("set it to %q, unless a proxy rewrites the path", "/"+want))
	}
}

// servedSomewhere reports resources without which the pages or the tokens do not work.
func (c *checker) servedSomewhere(at place, listeners []Listener) {
	has := func(name ResourceName) bool {
		for _, l := range listeners {
			if l.serves(name) {
				return true
			}
		}
		return false
	}
	for _, name := range []ResourceName{ResourceDiscovery, ResourceHuman, ResourceOAuth, ResourceCompat} {
		if !has(name) {
			c.warn(at, "resource-missing", fmt.Sprintf("no listener serves %s", name), "add it to the public listener, unless another MAS process serves it")
		}
	}
	for _, name := range []ResourceName{ResourceGraphQL, ResourceAssets} {
		if has(ResourceHuman) && !has(name) {
			c.fail(at, "account-pages-broken", fmt.Sprintf("no listener serves %s, which the account pages need", name), "add it to the listener that serves human")
		}
	}
	if !has(ResourceHealth) {
		c.note(at, "no-health", "no listener serves health, so there is nothing to probe", "add an internal listener with health")
	}
	if c.exportsPrometheus() && !has(ResourcePrometheus) {
		c.warn("telemetry.metrics.exporter", "metrics-not-served", "collects metrics that no listener serves", "add prometheus to an internal listener")
	}
}
