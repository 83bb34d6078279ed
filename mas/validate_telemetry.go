package mas

import (
	"math"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// telemetry checks the section telemetry: configuration reference of MAS 1.22, "telemetry".
func (c *checker) telemetry() {
	const at place = "telemetry"
	t := c.config.Telemetry
	if t == nil {
		return
	}
	if tr := t.Tracing; tr != nil {
		c.share(at.key("tracing").key("sample_rate"), tr.SampleRate)
		c.otlp(at.key("tracing").key("endpoint"), tr.Endpoint, tr.Exporter == TracingOTLP)
	}
	if m := t.Metrics; m != nil {
		c.otlp(at.key("metrics").key("endpoint"), m.Endpoint, m.Exporter == MetricsOTLP)
	}
	if s := t.Sentry; s != nil {
		c.dsn(at.key("sentry").key("dsn"), s.DSN)
		c.share(at.key("sentry").key("sample_rate"), s.SampleRate)
		c.share(at.key("sentry").key("traces_sample_rate"), s.TracesSampleRate)
	}
}

func (c *checker) share(at place, rate Opt[float64]) {
	if rate.Valid && (math.IsNaN(rate.V) || rate.V < 0 || rate.V > 1) {
		c.fail(at, "out-of-range", "is not from 0 to 1", "write a share, such as 0.1")
	}
}

func (c *checker) otlp(at place, endpoint string, used bool) {
	switch {
	case endpoint == "" && used:
		c.note(at, "endpoint-default", "is missing, so data goes to https://localhost:4318", "name the OTLP/HTTP endpoint")
	case endpoint == "":
	case !used:
		c.noEffect(at, "the exporter is not otlp")
	default:
		if u, ok := c.webURL(at, endpoint); ok && u.User != nil {
			c.fail(at, "url-userinfo", "contains a user name or password, which would stand in the public file", "remove it; let a collector on the way add credentials")
		}
	}
}

// dsn checks the form of a Sentry DSN, https://PUBLIC@HOST/PROJECT. A malformed
// one makes every mas-cli command panic.
func (c *checker) dsn(at place, dsn maskit.Secret) {
	if dsn.IsZero() || !c.present(at, dsn) {
		return
	}
	u, err := url.Parse(dsn.Reveal()) // the error quotes the DSN
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		u.User.Username() == "" || strings.Trim(u.Path, "/") == "" {
		c.fail(at, "dsn-invalid", "is not a Sentry DSN, and makes every mas-cli command panic", "copy it from the project's settings: https://PUBLIC_KEY@HOST/PROJECT")
	}
}
