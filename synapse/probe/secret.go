package probe

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"
)

const lostHeader = "the Authorization header is lost on the way"

// synapseSecret: does Synapse take the shared secret from MAS?
func (s *sight) synapseSecret() verdict {
	a := s.get(synapseIn + pathMASAPI)
	switch {
	case s.cfg.Secret.IsZero():
		return missing("Secret", "it is the secret that Synapse and MAS share")
	case s.cfg.Site.SynapseURL == "":
		return missing("Site.SynapseURL", "give it where Synapse can be reached as MAS does")
	case s.bad("synapse"):
		return explained("synapse")
	case a.status() != http.StatusBadRequest && strings.ContainsFunc(s.cfg.Secret.Reveal(), isBlank):
		return failed(HopMASConfig, "secret-blank", "the shared secret holds a blank or a control character, and cannot be sent in an Authorization header",
			"make a secret of letters and digits, without a newline at its end, and give it to both")
	case a.from() != Synapse:
		return failed(HopMASSynapse, "mas-api-blocked", fmt.Sprintf("%s answers %d: /_synapse/mas does not reach Synapse", whom(a), a.status()),
			"let MAS reach a client listener of Synapse directly, or let the proxy between them pass /_synapse/mas")
	}
	switch a.status() {
	case http.StatusBadRequest: // only the parameter is missing
		return fine("Synapse takes the secret")
	case http.StatusForbidden:
		return s.refusedBySynapse()
	case http.StatusUnauthorized:
		return failed(HopMASSynapse, "authorization-stripped", lostHeader, "let the proxy between MAS and Synapse pass it")
	case http.StatusNotFound:
		if s.bad("delegation") {
			return explained("delegation")
		}
		return failed(HopSynapseConfig, "mas-api-off", "this Synapse process does not delegate, others do", everyProcess)
	}
	return failed(HopMASSynapse, "mas-api-odd", fmt.Sprintf("Synapse answers %d", a.status()), "look into Synapse's log")
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// refusedBySynapse finds out who has the wrong secret: Synapse, or the probe.
func (s *sight) refusedBySynapse() verdict {
	state, _ := s.tokens()
	mas := s.get(masIn + pathIntrospect)
	switch {
	case mas.isOK() && mas.hasText(`"active"`):
		return failed(HopSynapseConfig, "secret-mismatch", "Synapse has another shared secret than MAS", "write MAS's matrix.secret into the file of secret_path, without a newline inside, and restart every Synapse process")
	case state == tokensUnknown:
		return failed(HopProbe, "secret-not-theirs", "Synapse refuses the secret that was given, and gets on with MAS: theirs is another one", "give the probe the secret that they use")
	case mas.status() == http.StatusUnauthorized:
		return failed(HopProbe, "secret-not-theirs", "neither Synapse nor MAS takes the secret that was given, and they do not agree with each other", "write one secret into MAS's matrix.secret and into the file of Synapse's secret_path, and restart both")
	}
	return failed(HopSynapseConfig, "secret-mismatch", "Synapse refuses the shared secret", "write MAS's matrix.secret into the file of secret_path, and restart every Synapse process")
}

// masSecret: does MAS take the shared secret from Synapse?
func (s *sight) masSecret() verdict {
	a := s.get(masIn + pathIntrospect)
	state, _ := s.tokens()
	switch {
	case s.cfg.Secret.IsZero():
		return missing("Secret", "it is the secret that Synapse and MAS share")
	case s.cfg.Site.MASURL == "":
		return missing("Site.MASURL", "give it where MAS can be reached as Synapse does")
	case s.bad("mas"):
		return explained("mas")
	case a.isOK() && a.hasText(`"active"`):
		return fine("MAS takes the secret")
	case a.response == nil && s.done["synapse-secret"].code == "secret-blank":
		return explained("synapse-secret")
	case a.status() == http.StatusUnauthorized && s.bad("synapse-secret"):
		return explained("synapse-secret")
	case a.status() == http.StatusUnauthorized && state == tokensUnknown:
		return failed(HopProbe, "secret-not-theirs", "MAS refuses the secret that was given, and gets on with Synapse: theirs is another one", "give the probe the secret that they use")
	case a.status() == http.StatusUnauthorized:
		return failed(HopMASConfig, "secret-mismatch", "MAS has another shared secret than Synapse", "write the secret of Synapse's secret_path into MAS's matrix.secret or its secret_file, and restart MAS")
	case a.status() == http.StatusBadRequest && a.from() == MAS:
		return failed(HopSynapseMAS, "authorization-stripped", lostHeader, "let the proxy between Synapse and MAS pass it")
	case a.isMASPage():
		return failed(HopMASConfig, "introspection-not-mounted", "MAS does not serve /oauth2/introspect here", "add the resource oauth to the listener that Synapse reaches")
	}
	return failed(HopSynapseMAS, "introspection-odd", fmt.Sprintf("%s answers %d", whom(a), a.status()), "look at what stands between Synapse and MAS, and into MAS's log")
}
