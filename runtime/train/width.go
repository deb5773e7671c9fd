package train

// apart are the blanks between the parts of a line.
const apart = "  "

// fitted joins as many of the parts, which are ASCII, as fit into so many columns of a terminal, each of them whole.
func fitted(parts []string, columns int) string {
	line := ""
	for i, part := range parts {
		if i > 0 {
			part = apart + part
		}
		if len(line)+len(part) > columns {
			break
		}
		line += part
	}
	return line
}
