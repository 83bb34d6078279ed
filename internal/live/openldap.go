package live

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/internal/live/proc"
)

// OpenLDAPServer is a directory that belongs to one test. Its suffix is dc=example,dc=com.
type OpenLDAPServer struct {
	// URL is ldap://127.0.0.1 with the port.
	URL string
	// SecureURL is ldaps://127.0.0.1 with the port; empty unless there is TLS.
	SecureURL string
	// BindDN and Password are the administrator's, whom nothing is refused.
	BindDN, Password string

	server *Server
	spec   proc.Spec
	ready  string
}

// OpenLDAPSuffix is the top entry of every test directory.
const OpenLDAPSuffix = "dc=example,dc=com"

// OpenLDAP serves the entries, as LDIF below OpenLDAPSuffix, which exists, until the test
// ends. Known are the object classes of core, cosine and inetorgperson.
func OpenLDAP(t testing.TB, entries string) *OpenLDAPServer {
	t.Helper()
	return openLDAP(t, entries, "")
}

// SecureOpenLDAP is OpenLDAP with TLS, by StartTLS and at SecureURL. The authority of its
// certificate is one that a Keycloak trusts, see [KeycloakServer].
func SecureOpenLDAP(t testing.TB, entries, authority string) *OpenLDAPServer {
	t.Helper()
	return openLDAP(t, entries, authority)
}

func openLDAP(t testing.TB, entries, authority string) *OpenLDAPServer {
	t.Helper()
	enter(t)
	slapd, err := install.FindOpenLDAP()
	check(t, mandatory, err)
	dir, address := t.TempDir(), "127.0.0.1:"+strconv.Itoa(FreePort(t))
	s := &OpenLDAPServer{URL: "ldap://" + address, BindDN: "cn=admin," + OpenLDAPSuffix, Password: "hidden-directory", ready: address}
	addresses, security := s.URL, ""
	if authority != "" {
		s.SecureURL = "ldaps://127.0.0.1:" + strconv.Itoa(FreePort(t))
		addresses, security = s.URL+" "+s.SecureURL, writeSlapdTLS(t, dir, authority)
	}
	config := writeSlapdConfig(t, dir, s, security)
	top := "dn: " + OpenLDAPSuffix + "\nobjectClass: organization\nobjectClass: dcObject\no: example\ndc: example\n\n"
	ldif := filepath.Join(dir, "entries.ldif")
	if err := os.WriteFile(ldif, []byte(top+entries), 0o600); err != nil {
		t.Fatal("live:", err)
	}
	load := exec.CommandContext(t.Context(), slapd, "-T", "add", "-f", config, "-l", ldif)
	if output, err := load.CombinedOutput(); err != nil {
		t.Fatalf("live: load the directory: %v\n%s", err, output)
	}
	s.spec = proc.Spec{Name: "slapd", Path: slapd, Dir: dir, Args: []string{"-f", config, "-h", addresses, "-d", "0"}}
	s.Start(t)
	return s
}

// Start serves again after Stop.
func (s *OpenLDAPServer) Start(t testing.TB) {
	t.Helper()
	s.server = startWhenReady(t, s.spec, s.URL, proc.Listening(s.ready))
}

// Stop ends the directory in good order.
func (s *OpenLDAPServer) Stop() { s.server.Stop() }

// writeSlapdConfig keeps everything that slapd writes in dir.
func writeSlapdConfig(t testing.TB, dir string, s *OpenLDAPServer, security string) string {
	t.Helper()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal("live:", err)
	}
	text := ""
	for _, schema := range []string{"core", "cosine", "inetorgperson"} {
		text += "include " + filepath.Join(install.OpenLDAPSchemas, schema+".schema") + "\n"
	}
	text += security + fmt.Sprintf("modulepath %s\nmoduleload back_mdb\npidfile %s\ndatabase mdb\nmaxsize 16777216\ndirectory %s\nsuffix %q\nrootdn %q\nrootpw %s\nindex objectClass,uid,entryUUID eq\n",
		install.OpenLDAPModules, filepath.Join(dir, "pid"), data, OpenLDAPSuffix, s.BindDN, s.Password)
	path := filepath.Join(dir, "slapd.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal("live:", err)
	}
	return path
}
