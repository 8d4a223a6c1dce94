/// What users rely on, as sentences over several real servers on one database.
@NullMarked
package trunkline.scenario;

import org.jspecify.annotations.NullMarked;
