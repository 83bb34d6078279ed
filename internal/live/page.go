package live

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// read collects what a person sees on a page.
func (p *KeycloakPage) read(tree *html.Node) {
	for node := range tree.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		id := attribute(node, "id")
		switch {
		case node.Data == "title":
			p.Title = innerText(node)
		case node.Data == "form":
			if id == "" {
				id = attribute(node, "name")
			}
			p.Forms[id] = p.form(node)
		case node.Data == "a":
			if id == "" {
				id = innerText(node)
			}
			p.Links[id] = p.resolve(attribute(node, "href"))
		case p.Message == "" && complains(node, id):
			p.Message = innerText(node)
		}
	}
}

// complains reports whether the node holds what an error or information page says, or
// the error of a form or an input.
func complains(node *html.Node, id string) bool {
	class := strings.Fields(attribute(node, "class"))
	return slices.Contains(class, "instruction") || strings.HasPrefix(id, "input-error") || slices.Contains(class, "kc-feedback-text") ||
		slices.Contains(class, "pf-v5-c-alert__title")
}

func (p *KeycloakPage) form(node *html.Node) KeycloakForm {
	f := KeycloakForm{Action: p.resolve(attribute(node, "action")), Fields: url.Values{}}
	for input := range node.Descendants() {
		if input.Type != html.ElementNode || input.Data != "input" || attribute(input, "name") == "" {
			continue
		}
		switch attribute(input, "type") {
		case "submit", "button", "checkbox":
		case "radio":
			if hasAttribute(input, "checked") {
				f.Fields.Set(attribute(input, "name"), attribute(input, "value"))
			}
		default:
			f.Fields.Set(attribute(input, "name"), attribute(input, "value"))
		}
	}
	return f
}

func (p *KeycloakPage) resolve(address string) string {
	resolved, err := p.URL.Parse(address)
	if err != nil {
		return ""
	}
	return resolved.String()
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// innerText is the text of a node, with single spaces.
func innerText(node *html.Node) string {
	var words []string
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			words = append(words, strings.Fields(child.Data)...)
		}
	}
	return strings.Join(words, " ")
}
