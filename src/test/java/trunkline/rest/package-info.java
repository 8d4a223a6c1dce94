/// What a cluster costs the database while nobody uses it: generated rows, the plans of everything
/// that idle instances execute, and how much each of them reads.
@NullMarked
package trunkline.rest;

import org.jspecify.annotations.NullMarked;
