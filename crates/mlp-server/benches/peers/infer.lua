-- A row as a tensor of the Open Inference Protocol.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"inputs": [{"name": "predict", "shape": [1, 4], "datatype": "FP64", "data": [5.1, 3.5, 1.4, 0.2]}],'
    .. ' "outputs": [{"name": "predict_proba"}]}'

-- Of the folder in which `run` calls wrk.
done = dofile("report.lua")
