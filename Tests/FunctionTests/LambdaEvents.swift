import JSON

/// The events of AWS's documentation, with our own values.
enum LambdaEvents {
    /// A JSON string literal.
    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.value(text)
        return writer.text
    }

    /// Payload format 2.0: a function URL, or an HTTP API with a stage.
    static func httpAPI(
        _ method: String, _ path: String, body: String? = nil, isBase64Encoded: Bool = false,
        stage: String = "$default",
        headers: String = #""accept":"application/json","content-type":"application/json""#
    ) -> String {
        """
        {"version":"2.0","routeKey":"$default","rawPath":"\(path)","rawQueryString":"a=1&a=2","cookies":["c=1","d=2"],
        "headers":{\(headers),"x-forwarded-for":"203.0.113.7"},"queryStringParameters":{"a":"1,2"},
        "requestContext":{"accountId":"123456789012","apiId":"abcdefghij","authentication":null,
        "authorizer":{"iam":{"accessKey":"AKIA","accountId":"123456789012","callerId":"AIDA","cognitoIdentity":null,
        "principalOrgId":null,"userArn":"arn:aws:iam::123456789012:user/a","userId":"AIDA"}},
        "domainName":"abcdefghij.lambda-url.eu-west-3.on.aws","domainPrefix":"abcdefghij",
        "http":{"method":"\(method)","path":"\(path)","protocol":"HTTP/1.1","sourceIp":"203.0.113.7","userAgent":"agent"},
        "requestId":"id","routeKey":"$default","stage":"\(stage)","time":"12/Mar/2026:19:03:58 +0000",
        "timeEpoch":1773342238390},"body":\(body.map(quoted) ?? "null"),"pathParameters":null,
        "isBase64Encoded":\(isBase64Encoded),"stageVariables":null}
        """
    }

    /// Payload format 1.0: a REST API.
    static func restAPI(
        _ method: String, _ path: String, body: String? = nil, isBase64Encoded: Bool = false,
        headers: String? = #"{"Accept":"application/json","Content-Type":"application/json"}"#,
        multiValueHeaders: String? = #"{"Accept":["application/json"],"Content-Type":["application/json"]}"#
    ) -> String {
        """
        {"resource":"/{proxy+}","path":"\(path)","httpMethod":"\(method)","headers":\(headers ?? "null"),
        "multiValueHeaders":\(multiValueHeaders ?? "null"),"queryStringParameters":{"a":"2"},
        "multiValueQueryStringParameters":{"a":["1","2"]},"pathParameters":{"proxy":"predict"},"stageVariables":null,
        "requestContext":{"resourceId":"123456","resourcePath":"/{proxy+}","httpMethod":"\(method)","stage":"prod",
        "requestId":"id","accountId":"123456789012","apiId":"abcdefghij","protocol":"HTTP/1.1",
        "path":"/prod\(path)","identity":{"sourceIp":"203.0.113.7","userAgent":"agent","caller":null}},
        "body":\(body.map(quoted) ?? "null"),"isBase64Encoded":\(isBase64Encoded)}
        """
    }

    /// An Application Load Balancer, whose target group has headers with one value or with several.
    static func loadBalancer(
        _ method: String, _ path: String, body: String = "", isBase64Encoded: Bool = false, isMultiValue: Bool = false
    ) -> String {
        let headers =
            isMultiValue
            ? #""multiValueHeaders":{"accept":["application/json"],"x-amzn-trace-id":["Root=1-5bdb40ca-556d8b0c50dc66f0511bf520"]}"#
            : #""headers":{"accept":"application/json","x-amzn-trace-id":"Root=1-5bdb40ca-556d8b0c50dc66f0511bf520"}"#
        let query =
            isMultiValue ? #""multiValueQueryStringParameters":{"a":["1"]}"# : #""queryStringParameters":{"a":"1"}"#
        return """
            {"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/a/b"}},
            "httpMethod":"\(method)","path":"\(path)",\(query),\(headers),"body":\(quoted(body)),
            "isBase64Encoded":\(isBase64Encoded)}
            """
    }
}
