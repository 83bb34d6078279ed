package traefik

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/traefik/paerser/file"
	"github.com/traefik/traefik/v3/pkg/config/dynamic"
	"github.com/traefik/traefik/v3/pkg/middlewares/requestdecorator"
	muxer "github.com/traefik/traefik/v3/pkg/muxer/http"
	"github.com/traefik/traefik/v3/pkg/provider/kubernetes/crd/traefikio/v1alpha1"
)

const testdata = "../../../synapse/routes/testdata"

// TestFileRules feeds the files for the file provider to Traefik's loader, and their
// rules to its parser and muxer, and asks for every path of the list beside them.
func TestFileRules(t *testing.T) {
	t.Parallel()
	files := matching(t, "traefik/*.yaml", ".ingressroute.yaml")
	require.GreaterOrEqual(t, len(files), 5)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			configuration := load(t, name)
			handler := newMuxer(t)
			for _, router := range configuration.HTTP.Routers {
				service := configuration.HTTP.Services[router.Service]
				require.NotNil(t, service, router.Service)
				require.Len(t, service.LoadBalancer.Servers, 1)
				for _, middleware := range router.Middlewares {
					require.Contains(t, configuration.HTTP.Middlewares, middleware)
				}
				if transport := service.LoadBalancer.ServersTransport; transport != "" {
					require.Contains(t, configuration.HTTP.ServersTransports, transport)
				}
				add(t, handler, router.Rule, router.Priority, router.Service)
			}
			requireAnswers(t, handler, strings.TrimSuffix(name, ".yaml")+".requests")
		})
	}
}

// TestIngressRouteRules does the same with the objects for Traefik's Kubernetes provider.
func TestIngressRouteRules(t *testing.T) {
	t.Parallel()
	files := matching(t, "traefik/*.ingressroute.yaml", "")
	require.GreaterOrEqual(t, len(files), 5)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			handler := newMuxer(t)
			for _, object := range objects(t, name) {
				ingressRoute, ok := object.(*v1alpha1.IngressRoute)
				if !ok {
					continue
				}
				for _, route := range ingressRoute.Spec.Routes {
					require.Len(t, route.Services, 1)
					add(t, handler, route.Match, route.Priority, route.Services[0].Name)
				}
			}
			requireAnswers(t, handler, strings.TrimSuffix(name, ".ingressroute.yaml")+".requests")
		})
	}
}

// TestLoaderIsStrict shows that the loader would notice a wrong key, and the parser a wrong rule.
func TestLoaderIsStrict(t *testing.T) {
	t.Parallel()
	require.Error(t, file.DecodeContent("http: {routers: {a: {rule: x, prioritty: 1}}}", ".yaml", &dynamic.Configuration{}))
	require.Error(t, newMuxer(t).AddRoute("Host(`a`) && PathRegexp(`(`)", "", 1, "file", http.NotFoundHandler()))
}

func matching(t *testing.T, pattern, without string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(testdata, filepath.FromSlash(pattern)))
	require.NoError(t, err)
	var names []string
	for _, name := range all {
		if without == "" || !strings.HasSuffix(name, without) {
			names = append(names, name)
		}
	}
	return names
}

func load(t *testing.T, name string) dynamic.Configuration {
	t.Helper()
	var configuration dynamic.Configuration
	require.NoError(t, file.DecodeContent(read(t, name), ".yaml", &configuration))
	return configuration
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(data)
}

func newMuxer(t *testing.T) *muxer.Muxer {
	t.Helper()
	parser, err := muxer.NewSyntaxParser()
	require.NoError(t, err)
	return muxer.NewMuxer(parser, nil)
}

// add adds a rule that answers with the name of its service.
func add(t *testing.T, handler *muxer.Muxer, rule string, priority int, service string) {
	t.Helper()
	by := "Synapse"
	if strings.HasSuffix(service, "mas") {
		by = "MAS"
	}
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Answered-By", by) })
	require.NoError(t, handler.AddRoute(rule, "", priority, "file", answer))
}

// requireAnswers asks for every path of a list: host, quoted path, who answers.
func requireAnswers(t *testing.T, handler http.Handler, list string) {
	t.Helper()
	decorated, err := requestdecorator.WrapHandler(requestdecorator.New(nil))(handler)
	require.NoError(t, err)
	asked := map[string]int{}
	for line := range strings.Lines(read(t, list)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		require.Len(t, fields, 3, line)
		path, err := strconv.Unquote(fields[1])
		require.NoError(t, err)
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
			request.Host = fields[0] + ":443"
			response := httptest.NewRecorder()
			decorated.ServeHTTP(response, request)
			by := response.Header().Get("X-Answered-By")
			if by == "" {
				require.Equal(t, http.StatusNotFound, response.Code)
				by = "denied"
			}
			require.Equal(t, fields[2], by, "%s %s%s", method, fields[0], path)
			asked[by]++
		}
		t.Logf("traefik: %s%s -> %s", fields[0], path, fields[2])
	}
	for _, by := range []string{"MAS", "Synapse", "denied"} {
		require.Greater(t, asked[by], 10, by)
	}
}
