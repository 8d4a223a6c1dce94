/// x
@NullMarked
package trunkline.access.oauth;

import org.jspecify.annotations.NullMarked;
