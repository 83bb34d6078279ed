package mas

import "github.com/maskit-dev/maskit"

// Telemetry is the section telemetry.
type Telemetry struct {
	// Tracing exports OpenTelemetry traces.
	Tracing *Tracing `yaml:"tracing"`
	// Metrics exports metrics.
	Metrics *Metrics `yaml:"metrics"`
	// Sentry reports errors.
	Sentry *Sentry `yaml:"sentry"`
}

// Tracing exports OpenTelemetry traces.
type Tracing struct {
	// Exporter says how. Default: none.
	Exporter TracingExporter `yaml:"exporter"`
	// Endpoint is the OTLP/HTTP endpoint. Default: https://localhost:4318.
	Endpoint string `yaml:"endpoint" null:"absent"`
	// Propagators read trace contexts of incoming requests.
	Propagators []Propagator `yaml:"propagators"`
	// SampleRate is the share of traces that are kept, 0 to 1. Default: 1.
	SampleRate Opt[float64] `yaml:"sample_rate" since:"0.15" null:"absent"`
}

// TracingExporter is how traces leave.
type TracingExporter string

// The exporters.
const (
	TracingNone   TracingExporter = "none"
	TracingStdout TracingExporter = "stdout"
	TracingOTLP   TracingExporter = "otlp"
)

func (TracingExporter) values() []string { return []string{"none", "stdout", "otlp"} }

// Propagator is a trace context format.
type Propagator string

// The propagators.
const (
	PropagatorTraceContext Propagator = "tracecontext"
	PropagatorBaggage      Propagator = "baggage"
	PropagatorJaeger       Propagator = "jaeger"
)

func (Propagator) values() []string { return []string{"tracecontext", "baggage", "jaeger"} }

// Metrics exports metrics.
type Metrics struct {
	// Exporter says how. Default: none. [MetricsPrometheus] needs a listener with
	// [ResourcePrometheus].
	Exporter MetricsExporter `yaml:"exporter"`
	// Endpoint is the OTLP/HTTP endpoint. Default: https://localhost:4318.
	Endpoint string `yaml:"endpoint" null:"absent"`
}

// MetricsExporter is how metrics leave.
type MetricsExporter string

// The exporters.
const (
	MetricsNone       MetricsExporter = "none"
	MetricsStdout     MetricsExporter = "stdout"
	MetricsOTLP       MetricsExporter = "otlp"
	MetricsPrometheus MetricsExporter = "prometheus"
)

func (MetricsExporter) values() []string { return []string{"none", "stdout", "otlp", "prometheus"} }

// Sentry reports errors to Sentry.
type Sentry struct {
	// DSN is where to; a secret, with no file key.
	DSN maskit.Secret `yaml:"dsn" null:"absent"`
	// Environment labels the reports.
	Environment string `yaml:"environment" null:"absent"`
	// SampleRate is the share of errors that are reported, 0 to 1. Default: 1.
	SampleRate Opt[float64] `yaml:"sample_rate" null:"absent"`
	// TracesSampleRate is the share of traces that are reported, 0 to 1. Default: 0.
	TracesSampleRate Opt[float64] `yaml:"traces_sample_rate" since:"0.15" null:"absent"`
}
