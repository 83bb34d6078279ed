package mas

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit/mas/keys"
)

// secretName names the file of the secret at a path. Names follow what identifies a
// list item, not its place, so that they stay when the list changes.
func (c *Config) secretName(path string) string {
	list, rest, inList := strings.Cut(path, "[")
	if !inList {
		return "secrets/" + fileNamePart(strings.TrimPrefix(path, "secrets."))
	}
	number, key, _ := strings.Cut(rest, "].")
	i, _ := strconv.Atoi(number) // walk made the path
	label, suffix := c.itemLabel(list, i), "-"+key
	if list == "secrets.keys" && key == "key" {
		suffix = ""
	}
	return "secrets/" + fileNamePart(listName(list)+"-"+label+suffix)
}

func listName(list string) string {
	switch list {
	case "secrets.keys":
		return "signing-key"
	case "upstream_oauth2.providers":
		return "upstream"
	case "clients":
		return "client"
	case "passwords.schemes":
		return "password-scheme"
	case "http.listeners":
		return "listener"
	}
	return list
}

// itemLabel is what identifies an item of a list that holds secrets.
func (c *Config) itemLabel(list string, i int) string {
	label := ""
	switch list {
	case "secrets.keys":
		label = keyID(c.Secrets.Keys[i])
	case "upstream_oauth2.providers":
		label = string(c.UpstreamOAuth2.Providers[i].ID)
	case "clients":
		label = string(c.Clients[i].ClientID)
	case "passwords.schemes":
		label = strconv.Itoa(int(c.Passwords.Schemes[i].Version))
	case "http.listeners":
		label = c.HTTP.Listeners[i].Name
	}
	return cmp.Or(label, strconv.Itoa(i+1))
}

// keyID is the kid of a key, given or computed; empty if it cannot be known.
func keyID(k SigningKey) string {
	if k.KID != "" {
		return k.KID
	}
	parsed, err := keys.Parse(k.Key.Inline, k.Password.Inline)
	if err != nil {
		return ""
	}
	return parsed.Kid()
}

// maxFileName leaves room below the 253 characters of a key of a Kubernetes Secret.
const maxFileName = 200

// fileNamePart turns a path into lower-case letters, digits and dashes.
func fileNamePart(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		}
		return '-'
	}, s)
	return strings.Trim(s[:min(len(s), maxFileName)], "-")
}

func sortedByName(files []RenderedFile) []RenderedFile {
	slices.SortFunc(files, func(a, b RenderedFile) int { return cmp.Compare(a.Name, b.Name) })
	return files
}
