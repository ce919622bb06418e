/** What a lesson says. */
export interface LessonText {
  /** Its name in the list of lessons. */
  label: string;
  title: string;
  /** Some sentences each. */
  paragraphs: string[];
  attempt: string;
  expect: string;
}

/** The texts of the lessons, by their names. */
export const LESSONS_EN: Record<string, LessonText> = {
  neuron: {
    label: 'A neuron',
    title: 'What a neuron is',
    paragraphs: [
      'A neuron multiplies each input by a weight, adds the products up, and compares the sum with a threshold θ. If it reaches θ, the perceptron says 1, else 0. With two inputs, the sum equals the threshold along a straight line: the line in the picture on the right.',
      'The table is the logical or. Rosenblatt’s rule changes the weights only when an answer is wrong, and it stops when none is.',
    ],
    attempt:
      'Press S for one step at a time, until the state says “Done”. Then click a line of the network and change its weight.',
    expect:
      'At first all weights are zero, so there is no line yet. A step in which the answer is right changes nothing; after a wrong one the line tilts or shifts. A weight turns it, the bias moves it without turning it.',
  },
  rate: {
    label: 'Learning rate',
    title: 'The learning rate',
    paragraphs: [
      'Adaline is one linear neuron. It goes downhill on the squared error: each step is the gradient times the learning rate η. How large should η be?',
      'Too small, and it takes forever. Too large, and each step leaps over the valley and lands higher on the other side.',
    ],
    attempt: 'Train with η = 0.0001, then with 0.05, then with 3.',
    expect:
      'With 0.0001 the line creeps: after 200 epochs it is still on its way. With 0.05 it settles in a few epochs. With 3 the loss grows with each step, until the training reports that it has diverged. A straight line never follows the sine: that takes a hidden layer.',
  },
  xor: {
    label: 'Xor',
    title: 'Why xor needs a hidden layer',
    paragraphs: [
      'Exclusive or is true if exactly one input is true. The two true corners lie across from each other, so no straight line separates them from the false ones. A perceptron can try for as long as it likes.',
      'Minsky and Papert showed this in 1969. The way out is a layer in between: each hidden neuron draws a line of its own, and the output combines them.',
    ],
    attempt: 'Train the perceptron. Then choose the model “mlp” under Network, and train again.',
    expect:
      'The perceptron’s line keeps jumping, or vanishes while its weights are zero, and at least one point stays on the wrong side. With hidden layers the regions bend, and all four points are right. The accuracy while learning counts each row before it is learned from, so it can differ from that of validation, though the four rows are the same.',
  },
  hidden: {
    label: 'Hidden neurons',
    title: 'What hidden neurons draw',
    paragraphs: [
      'Each small picture shows what one neuron gives for each point of the plane: blue above zero, orange below. A hidden neuron of the first layer always draws a single soft edge.',
      'The output adds them up. To enclose the inner circle it needs edges on at least three sides, as a triangle has.',
    ],
    attempt: 'Train with three neurons. Then take one away with − above the layer, and train again.',
    expect:
      'Three edges make a rounded triangle around the inner circle. Two edges leave a strip or a wedge that stays open, and the loss stays high.',
  },
  activations: {
    label: 'Activations',
    title: 'Activations and vanishing gradients',
    paragraphs: [
      'On its way back, the error is multiplied by the slope of the activation in each layer. The sigmoid’s slope is at most ¼. After five layers, the slopes alone leave a thousandth, and the first layer learns almost nothing.',
      'The bars under Gradients are on a logarithmic scale: each mark is a hundred times the one before.',
    ],
    attempt:
      'Train for some epochs and look at the bars. Then choose tanh for all layers, under Network at the left, and after that relu.',
    expect:
      'With sigmoid, the bars shrink from the output to the first layer and the loss hardly falls. With tanh or relu, they have similar lengths, and the circle appears. Some relu neurons may die: they are marked with ×.',
  },
  backpropagation: {
    label: 'Backpropagation',
    title: 'Backpropagation by hand',
    paragraphs: [
      'Under Watch are the five steps for one neuron and one row, with the numbers of this network. The row goes forward; the loss says how wrong the result is; each output gets a δ; the δ of a hidden neuron comes back through the weights; and δ times input is the gradient.',
      'It is the chain rule, written down in a practical order.',
    ],
    attempt:
      'Work out step 4 with a calculator: add the products w·δ and multiply by the slope. Then press S, and compare the new weights with step 5.',
    expect:
      'Your δ agrees with the one shown. After the step, weights differ from step 5, because the program learns from all rows of a batch and not from this one alone; the direction is often the same.',
  },
  dropout: {
    label: 'Dropout',
    title: 'Dropout against overfitting',
    paragraphs: [
      'Sixty rows to learn from, with a lot of noise, and 722 weights and biases. Such a network can learn the training rows by heart, noise included. Then it gets worse on the validation rows, which it does not learn from.',
      'Dropout switches off a random part of the hidden neurons in each step. None can rely on a single other one, and the boundary becomes smoother.',
    ],
    attempt: 'Train without dropout and look at the two curves of the loss. Then set dropout to 0.5, and train again.',
    expect:
      'Without dropout, the curves part: training falls, validation rises, and the best epoch is early. With dropout, validation stays low, and the boundary has fewer wiggles. With other seeds the gain may be smaller, or there may be none: dropout is a remedy, not a cure.',
  },
  classes: {
    label: 'Classes',
    title: 'Several classes',
    paragraphs: [
      'For three species of iris there are three outputs. Softmax turns their net inputs into probabilities that add up to 1, and the most probable class wins.',
      'Each output has a map of its own. The large picture mixes their colours: pale where the network is in doubt. The table has four columns, two of which are the axes. The others keep the values of the median row.',
    ],
    attempt: 'Train, then choose other columns as axes. Move the pointer over the picture.',
    expect:
      'Setosa separates at once. Versicolor and virginica meet at a soft boundary. Over the sepal columns, the petals keep the values of one flower, and its species fills most of the picture: the network decides by the petals, and a plane is only one slice through four columns.',
  },
  map: {
    label: 'A map',
    title: 'A self-organising map',
    paragraphs: [
      'Nothing is predicted here. The units of a grid lie among the rows, and the lines join neighbours on the grid. For each row the nearest unit wins and moves towards it, and its neighbours move with it, less the further away they are. Kohonen described this in 1982.',
      'The radius within which neighbours follow shrinks over the training. At first the grid moves as a whole, in the end almost every unit moves alone.',
    ],
    attempt: 'Train. Then set the last radius, under Network, to 3, and train again. After that, try the blobs.',
    expect:
      'The grid spreads over both moons, and units next to each other stay close. Some units lie in the gap between the moons, where there are no rows: they hold both sides together. With a last radius of 3 the grid stays small and smooth, since no unit may leave its neighbours. The map never learns from the classes: the colours are only drawn.',
  },
  codes: {
    label: 'Codes',
    title: 'Codes that form clusters',
    paragraphs: [
      'An autoencoder learns to squeeze each row into a few numbers, its code, and to restore the row from them. Here 64 pixels become a code of two numbers, and each point is the code of a handwritten digit.',
      'Then k-means places ten centroids among the codes, and the network learns codes that lie closer to them, while it goes on restoring the rows. This is IDEC, by Guo and others, 2017.',
    ],
    attempt: 'Train, and watch the codes spread. At the end choose “True classes” under Colours.',
    expect:
      'Clumps of the same digit appear long before there are centroids. The loss drops at the eightieth epoch because training switches to another loss. Most clusters are one digit, though nobody said which is which; a few hold two, such as 1 and 8.',
  },
  table: {
    label: 'Your table',
    title: 'Your own table',
    paragraphs: [
      'A CSV file with a header, of up to 16 MiB and 64 inputs, can be dropped on this page. It stays on this computer. Choose the column to predict: a text column gives classes, a numeric one a surface. Categories and missing values need no preparation.',
      'This is the median house price in districts of California, over their longitude and latitude.',
    ],
    attempt:
      'Train and look for the coast. Then drop a file of your own, and at the end copy the command below the network, under “Outside this page”.',
    expect:
      'Prices rise towards the sea around San Francisco and Los Angeles. The command trains the same network outside this page, in the folder of your table.',
  },
};
