use crate::{BuiltIn, Task};

/// What is known of a built-in set without loading it.
pub(super) struct Facts {
    pub name: &'static str,
    pub task: Task,
    pub rows: Option<usize>,
    pub features: Option<usize>,
    pub classes: Option<usize>,
    pub source: &'static str,
    pub description: &'static str,
}

const GATE: &str = "truth table";
const GENERATED: &str = "generated";

impl Facts {
    #[expect(clippy::too_many_lines)] // A table of facts.
    pub(super) const fn of(dataset: BuiltIn) -> Self {
        match dataset {
            BuiltIn::Iris => Self::classes(
                "iris",
                (Some(150), Some(4), Some(3)),
                "Fisher 1936, UCI, CC BY 4.0",
                "three species of iris, by the size of their sepals and petals",
            ),
            BuiltIn::Wine => Self::classes(
                "wine",
                (Some(178), Some(13), Some(3)),
                "Aeberhard and Forina 1992, UCI, CC BY 4.0",
                "wines from three cultivars, by their chemistry",
            ),
            BuiltIn::BreastCancer => Self::classes(
                "breast_cancer",
                (Some(569), Some(30), Some(2)),
                "Wolberg et al. 1995, UCI, CC BY 4.0",
                "benign and malignant tumours, by the shape of their cell nuclei",
            ),
            BuiltIn::Digits => Self::classes(
                "digits",
                (Some(1797), Some(64), Some(10)),
                "Alpaydin and Kaynak 1998, UCI, CC BY 4.0",
                "handwritten digits of 8 × 8 pixels",
            ),
            BuiltIn::Diabetes => Self::numbers(
                "diabetes",
                (Some(442), Some(10)),
                "Efron et al. 2004, scikit-learn, BSD-3-Clause",
                "progression of diabetes within a year, by ten measures of a patient",
            ),
            #[cfg(feature = "tables")]
            BuiltIn::Adult => Self::classes(
                "adult",
                (Some(48_842), Some(14), Some(2)),
                "Becker and Kohavi 1996, UCI, CC BY 4.0",
                "whether a person earns more than 50,000 dollars, by a census",
            ),
            #[cfg(feature = "tables")]
            BuiltIn::CaliforniaHousing => Self::numbers(
                "california_housing",
                (Some(20_640), Some(8)),
                "Pace and Barry 1997, StatLib",
                "the median price of a district's houses, in 100,000 dollars, by a census",
            ),
            #[cfg(feature = "tables")]
            BuiltIn::Titanic => Self::classes(
                "titanic",
                (Some(891), Some(9), Some(2)),
                "Harrell and Cason, public domain",
                "who survived the sinking of the Titanic, by their passage",
            ),
            BuiltIn::And => Self::classes(
                "and",
                (Some(4), Some(2), Some(2)),
                GATE,
                "true if both inputs are",
            ),
            BuiltIn::Or => Self::classes(
                "or",
                (Some(4), Some(2), Some(2)),
                GATE,
                "true if an input is",
            ),
            BuiltIn::Xor => Self::classes(
                "xor",
                (Some(4), Some(2), Some(2)),
                GATE,
                "true if one input is, but not both: no single line parts the classes",
            ),
            BuiltIn::Moons => Self::classes(
                "moons",
                (None, Some(2), Some(2)),
                GENERATED,
                "two half circles that reach into each other",
            ),
            BuiltIn::Circles => Self::classes(
                "circles",
                (None, Some(2), Some(2)),
                GENERATED,
                "a circle within a circle",
            ),
            BuiltIn::Blobs => Self::classes(
                "blobs",
                (None, Some(2), Some(3)),
                GENERATED,
                "three clouds of points",
            ),
            BuiltIn::Spirals => Self::classes(
                "spirals",
                (None, Some(2), Some(2)),
                GENERATED,
                "two spirals wound into each other",
            ),
            BuiltIn::Sine => Self::numbers(
                "sine",
                (None, Some(1)),
                GENERATED,
                "one period of a sine, with noise",
            ),
            BuiltIn::Mnist => Self::classes(
                "mnist",
                (Some(70_000), Some(784), Some(10)),
                "LeCun, Cortes and Burges 1998",
                "handwritten digits of 28 × 28 pixels, from files or a download",
            ),
            BuiltIn::Idx => Self::classes(
                "idx",
                (None, None, None),
                "your files",
                "images in four IDX files named as those of MNIST",
            ),
        }
    }

    const fn classes(
        name: &'static str,
        (rows, features, classes): (Option<usize>, Option<usize>, Option<usize>),
        source: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            task: Task::Classification,
            rows,
            features,
            classes,
            source,
            description,
        }
    }

    const fn numbers(
        name: &'static str,
        (rows, features): (Option<usize>, Option<usize>),
        source: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            name,
            task: Task::Regression,
            rows,
            features,
            classes: None,
            source,
            description,
        }
    }
}
