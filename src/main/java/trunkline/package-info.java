/// Trunkline: an MCP server that scales out on nothing but PostgreSQL.
@NullMarked
package trunkline;

import org.jspecify.annotations.NullMarked;
