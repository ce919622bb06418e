use pulp::{Arch, NullaryFnOnce};

/// Runs a function with the widest vector instructions of the processor, if it is a closure that is
/// `#[inline(always)]`.
///
/// A closure that can be called several times has no body of its own for a single call: what pulp would call is
/// a function around it that the compiler need not inline, and then it is compiled for any processor.
#[inline(always)]
pub fn vectorized<R>(function: impl FnMut() -> R) -> R {
    struct Inlined<F>(F);

    impl<R, F: FnMut() -> R> NullaryFnOnce for Inlined<F> {
        type Output = R;

        #[inline(always)]
        fn call(mut self) -> R {
            (self.0)()
        }
    }

    Arch::new().dispatch(Inlined(function))
}
