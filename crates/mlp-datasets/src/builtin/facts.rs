use super::built_in::BuiltIn;
use crate::task::Task;

/// What is known about a built-in set without loading it.
struct Facts {
    task: Task,
    rows: Option<usize>,
    features: Option<usize>,
    classes: Option<usize>,
    source: &'static str,
    description: &'static str,
}

const GATE: &str = "truth table";
const GENERATED: &str = "generated";

impl Facts {
    const fn of(dataset: BuiltIn) -> Self {
        match dataset {
            BuiltIn::Iris => Self::classes(
                (Some(150), Some(4), Some(3)),
                "Fisher 1936, UCI, CC BY 4.0",
                "three species of iris, by the size of their sepals and petals",
            ),
            BuiltIn::Wine => Self::classes(
                (Some(178), Some(13), Some(3)),
                "Aeberhard and Forina 1992, UCI, CC BY 4.0",
                "wines from three cultivars, by their chemistry",
            ),
            BuiltIn::BreastCancer => Self::classes(
                (Some(569), Some(30), Some(2)),
                "Wolberg et al. 1995, UCI, CC BY 4.0",
                "benign and malignant tumours, by the shape of their cell nuclei",
            ),
            BuiltIn::Digits => Self::classes(
                (Some(1797), Some(64), Some(10)),
                "Alpaydin and Kaynak 1998, UCI, CC BY 4.0",
                "handwritten digits of 8 × 8 pixels",
            ),
            BuiltIn::Diabetes => Self::numbers(
                (Some(442), Some(10)),
                "Efron et al. 2004, scikit-learn, BSD-3-Clause",
                "progression of diabetes within a year, by ten measurements of each patient",
            ),
            #[cfg(feature = "tables")]
            BuiltIn::Adult => Self::classes(
                (Some(48_842), Some(14), Some(2)),
                "Becker and Kohavi 1996, UCI, CC BY 4.0",
                "whether a person earns more than 50,000 dollars a year, by census data",
            ),
            #[cfg(feature = "tables")]
            BuiltIn::CaliforniaHousing => Self::numbers(
                (Some(20_640), Some(8)),
                "Pace and Barry 1997, StatLib",
                "the median house price of a district in 100,000 dollars, by census data",
            ),
            #[cfg(feature = "tables")]
            BuiltIn::Titanic => Self::classes(
                (Some(891), Some(9), Some(2)),
                "Harrell and Cason, public domain",
                "who survived the sinking of the Titanic, by class, fare, age and sex",
            ),
            BuiltIn::And => Self::classes(
                (Some(4), Some(2), Some(2)),
                GATE,
                "true if both inputs are true",
            ),
            BuiltIn::Or => Self::classes(
                (Some(4), Some(2), Some(2)),
                GATE,
                "true if at least one input is true",
            ),
            BuiltIn::Xor => Self::classes(
                (Some(4), Some(2), Some(2)),
                GATE,
                "true if exactly one input is true; no straight line separates the classes",
            ),
            BuiltIn::Moons => Self::classes(
                (None, Some(2), Some(2)),
                GENERATED,
                "two interleaving half circles",
            ),
            BuiltIn::Circles => Self::classes(
                (None, Some(2), Some(2)),
                GENERATED,
                "a circle within a circle",
            ),
            BuiltIn::Blobs => Self::classes(
                (None, Some(2), Some(3)),
                GENERATED,
                "three clouds of points",
            ),
            BuiltIn::Spirals => Self::classes(
                (None, Some(2), Some(2)),
                GENERATED,
                "two intertwined spirals",
            ),
            BuiltIn::Sine => Self::numbers(
                (None, Some(1)),
                GENERATED,
                "one period of a sine, with noise",
            ),
            BuiltIn::Mnist => Self::classes(
                (Some(70_000), Some(784), Some(10)),
                "LeCun, Cortes and Burges 1998",
                "handwritten digits of 28 × 28 pixels, from files or a download",
            ),
            BuiltIn::Idx => Self::classes(
                (None, None, None),
                "your files",
                "images in four IDX files with the names of those of MNIST",
            ),
        }
    }

    const fn classes(
        (rows, features, classes): (Option<usize>, Option<usize>, Option<usize>),
        source: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            task: Task::Classification,
            rows,
            features,
            classes,
            source,
            description,
        }
    }

    const fn numbers(
        (rows, features): (Option<usize>, Option<usize>),
        source: &'static str,
        description: &'static str,
    ) -> Self {
        Self {
            task: Task::Regression,
            rows,
            features,
            classes: None,
            source,
            description,
        }
    }
}

impl BuiltIn {
    /// The task.
    pub fn task(self) -> Task {
        Facts::of(self).task
    }

    /// The number of rows, if it is fixed.
    pub fn rows(self) -> Option<usize> {
        Facts::of(self).rows
    }

    /// The number of features, if it is fixed.
    pub fn num_features(self) -> Option<usize> {
        Facts::of(self).features
    }

    /// The number of classes, if it is fixed; `None` for regression as well.
    pub fn num_classes(self) -> Option<usize> {
        Facts::of(self).classes
    }

    /// Its origin in short: authors, publisher, licence.
    pub fn source(self) -> &'static str {
        Facts::of(self).source
    }

    /// What it is about, in a few words.
    pub fn description(self) -> &'static str {
        Facts::of(self).description
    }
}
