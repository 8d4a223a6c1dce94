@NullMarked
package trunkline.audit;

import org.jspecify.annotations.NullMarked;
