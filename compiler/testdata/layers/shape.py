"""The nets of the words that change shapes and move elements, for make.py."""

from torch.nn import Linear

from make import Small, tanh


class Reshape(Small):
    """From rows to a matrix, to three axes and back, with a size that is worked out."""

    spec = """
        input x[6]
        linear 12
        tanh
        reshape [3, -1]
        linear 4->5
        tanh
        reshape [5, 1, 3]
        linear 3->2
        reshape [-1]
        linear 2
        loss mse
        adam 0.01
    """
    rows = 17
    inputs = {"x": ([6], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(6, 12), Linear(4, 5), Linear(3, 2), Linear(10, 2)

    def forward(self, x):
        h = tanh(self.linear2(tanh(self.linear1(x)).reshape(-1, 3, 4)))
        return {"out": self.linear4(self.linear3(h.reshape(-1, 5, 1, 3)).flatten(1))}


class ReshapeInput(Small):
    """Of an input, one row at a time, and what is predicted is a matrix."""

    spec = """
        input x[4, 3]
        reshape [2, 6]
        linear 6->9
        tanh
        linear 9->4
        reshape [4, 2]
        loss mse
        sgd 0.05
    """
    rows, batch = 7, 1
    inputs, targets = {"x": ([4, 3], None)}, {"target": ([4, 2], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2 = Linear(6, 9), Linear(9, 4)

    def forward(self, x):
        return {"out": self.linear2(tanh(self.linear1(x.reshape(-1, 2, 6)))).reshape(-1, 4, 2)}


class Transpose(Small):
    """Mixing along time and along columns, as mixers do, of large and of odd sizes."""

    spec = """
        input x[17, 9]
        linear 9->8
        tanh
        residual { transpose; linear 17->21; tanh; linear 21->17; transpose [1, 0] }
        transpose
        linear 17->1
        flatten
        linear 2
        loss mse
        adam 0.01
    """
    inputs = {"x": ([17, 9], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3 = Linear(9, 8), Linear(17, 21), Linear(21, 17)
        self.linear4, self.linear5 = Linear(17, 1), Linear(8, 2)

    def forward(self, x):
        h = tanh(self.linear1(x))
        h = h + self.linear3(tanh(self.linear2(h.mT))).mT
        return {"out": self.linear5(self.linear4(h.mT).flatten(1))}


class TransposeOrders(Small):
    """Every order of three axes, with a layer along the last axis behind each."""

    spec = """
        input x[2, 3, 5]
        transpose [1, 2, 0]
        linear 2->4
        tanh
        transpose [2, 0, 1]
        linear 5->6
        tanh
        transpose [1, 0, 2]
        linear 6->5
        tanh
        transpose [2, 1, 0]
        linear 3->7
        tanh
        transpose [0, 2, 1]
        linear 4->1
        tanh
        transpose [2, 0, 1]
        linear 7->3
        transpose [0, 1, 2]
        loss mse
        sgd 0.1 momentum=0.9
    """
    inputs, targets = {"x": ([2, 3, 5], None)}, {"target": ([1, 5, 3], None)}

    def __init__(self):
        super().__init__()
        self.linear1, self.linear2, self.linear3, self.linear4 = Linear(2, 4), Linear(5, 6), Linear(6, 5), Linear(3, 7)
        self.linear5, self.linear6 = Linear(4, 1), Linear(7, 3)

    def forward(self, x):
        def order(x, *axes):
            return x.permute(0, *(1 + a for a in axes))

        h = tanh(self.linear1(order(x, 1, 2, 0)))
        h = tanh(self.linear2(order(h, 2, 0, 1)))
        h = tanh(self.linear3(order(h, 1, 0, 2)))
        h = tanh(self.linear4(order(h, 2, 1, 0)))
        h = tanh(self.linear5(order(h, 0, 2, 1)))
        return {"out": self.linear6(order(h, 2, 0, 1))}


NETS = {
    "shape": [Reshape, ReshapeInput, Transpose, TransposeOrders],
}
