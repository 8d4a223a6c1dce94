/// Who looks at the console, and who acts.
///
/// On the embedded default whoever sits at this machine ([trunkline.console.visitor.Visitors]);
/// elsewhere by scopes ([trunkline.console.visitor.ScopedAdmission]): a key is given once, the
/// browser brings it back sealed, and it is judged with each page, so it ends here when it ends.
/// What may be seen or done is a property of the visitor; what is shown at all, an option's.
///
/// **A form of another page does nothing.** It has to come from a page of ours, by its `Origin`,
/// and bear a token that was given to this very visitor ([trunkline.console.visitor.Forms]).
@NullMarked
package trunkline.console.visitor;

import org.jspecify.annotations.NullMarked;
