package trunkline.feature;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Bounds the characters of a string, the elements of a list or the entries of a map, both ends
/// included. At anything else it is an error when the tool is built.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
public @interface Length {
  int min() default 0;

  int max() default Integer.MAX_VALUE;
}
