package trunkline.shape;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/// What gives a part of a value: an accessor, or a field.
record Getter(Member member) {
  Getter {
    try {
      ((AccessibleObject) member).setAccessible(true);
    } catch (InaccessibleObjectException e) {
      throw new IllegalArgumentException(
          member.getDeclaringClass().getName()
              + " can't be used: its module does not open its package to trunkline",
          e);
    }
  }

  @Nullable Object get(Object value) {
    try {
      return switch (member) {
        case Method method -> method.invoke(value);
        case Field field -> field.get(value);
        default -> throw new IllegalStateException("neither method nor field: " + member);
      };
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(member + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(member + " can't be called", e);
    }
  }
}
