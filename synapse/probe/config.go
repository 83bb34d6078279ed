package probe

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// Config says what to look at, and from where.
type Config struct {
	// Site are the addresses. ClientAPIURL is required. Without ServerName, AccountURL,
	// SynapseURL or MASURL the checks that need it are skipped. Give SynapseURL and
	// MASURL only where they can be reached: inside, as MAS and Synapse do.
	Site maskit.Site
	// Secret is the secret that Synapse and MAS share. Optional. It is sent to
	// Site.SynapseURL and Site.MASURL, nowhere else.
	Secret maskit.Secret
	// HTTPClient sends the requests. It is not changed; redirects and cookies are
	// this package's business. Default: one without a proxy.
	HTTPClient *http.Client
	// Timeout bounds a whole run. What was not answered by then counts as not
	// reachable. Default: 30 seconds.
	Timeout time.Duration
	// RequestTimeout bounds one request, of which there are at most two attempts.
	// Default: 5 seconds.
	RequestTimeout time.Duration
	// Logger receives one debug line for each attempt. Default: silent.
	Logger *slog.Logger
}

// Probe looks at one deployment. It may be used by several goroutines at once.
// Make one by [New].
type Probe struct {
	cfg    Config
	client *httpx.Client
}

// New makes a probe. It sends nothing.
func New(cfg Config) (*Probe, error) {
	if err := cfg.problems().Err(); err != nil {
		return nil, fmt.Errorf("probe: new probe: %w", err)
	}
	cfg.Timeout = cmp.Or(max(cfg.Timeout, 0), 30*time.Second)
	cfg.RequestTimeout = cmp.Or(max(cfg.RequestTimeout, 0), 5*time.Second)
	client := httpx.New(httpx.Config{
		HTTPClient: cfg.HTTPClient, AttemptTimeout: cfg.RequestTimeout, Logger: cfg.Logger, MaxBody: 256 << 10,
		Retry: httpx.Retry{Attempts: 2, First: 200 * time.Millisecond, Longest: time.Second},
	})
	return &Probe{cfg: cfg, client: client}, nil
}

// problems are those of the addresses that were given, and the lack of the required one.
func (c Config) problems() maskit.Problems {
	optional := map[string]string{
		"server_name": c.Site.ServerName, "account_url": c.Site.AccountURL,
		"synapse_url": c.Site.SynapseURL, "mas_url": c.Site.MASURL,
	}
	return slices.DeleteFunc(c.Site.Validate(), func(p maskit.Problem) bool {
		value, ok := optional[p.Path]
		return ok && value == ""
	})
}
