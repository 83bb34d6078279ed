package jinja

// expression is a part of a template that has a value.
type expression interface {
	eval(r *run) (value, error)
}

// statement is a part of a template that writes or sets something.
type statement interface {
	exec(r *run) error
}

type (
	constant struct{ value value }
	variable struct{ name string }
	// attribute is an item of a mapping by its name; path is where it stands among the
	// claims, such as user.address.country, or empty.
	attribute struct {
		of   expression
		name string
		path string
	}
	item struct {
		of, key expression
		path    string
	}
	slice struct{ of, start, stop, step expression }
	list  struct{ items []expression }
	pairs struct{ keys, values []expression }
	not   struct{ of expression }
	minus struct{ of expression }
	// binary is an operator with two operands, both of which are evaluated.
	binary struct {
		op          string
		left, right expression
	}
	// choice is "and" or "or".
	choice struct {
		or          bool
		left, right expression
	}
	conditional struct{ condition, then, otherwise expression }
	filtered    struct {
		of     expression
		name   string
		filter filterFunc
		args   arguments
	}
	tested struct {
		of      expression
		name    string
		test    testFunc
		args    arguments
		negated bool
	}
	functionCall struct {
		name string
		args arguments
	}
	methodCall struct {
		of   expression
		name string
		args arguments
	}
)

// arguments are those of a call.
type arguments struct {
	positional []expression
	names      []string
	named      []expression
}

type (
	text   struct{ text string }
	output struct{ of expression }
	branch struct {
		condition       expression
		then, otherwise []statement
	}
	loop struct {
		targets         []string
		unpack          bool
		over, condition expression
		body, otherwise []statement
	}
	set struct {
		name  string
		value expression
	}
	setAttribute struct {
		of    expression
		name  string
		value expression
	}
	with struct {
		names  []string
		values []expression
		body   []statement
	}
)

// pathOf is where the value of an expression stands among the claims, or empty.
func pathOf(e expression) string {
	switch e := e.(type) {
	case variable:
		switch e.name {
		case "user", "id_token_claims", "userinfo_claims", "extra_callback_parameters":
			return e.name
		}
	case attribute:
		return e.path
	case item:
		return e.path
	case choice: // (user.address or {}).country
		if e.or {
			return pathOf(e.left)
		}
	}
	return ""
}

// memberPath is the path of a member of a mapping at path, or empty.
func memberPath(path, name string) string {
	switch {
	case path == "":
		return ""
	case isIdentifier(name):
		return path + "." + name
	}
	return path + "['" + name + "']"
}
